import express from 'express';
import { GoogleAuth, type IdTokenClient } from 'google-auth-library';

// As Google's samples call a service, with the client kept:
// https://cloud.google.com/run/docs/authenticating/service-to-service

const receiver = process.env.RECEIVER_URL;
const audience = String(process.env.RECEIVER_AUDIENCE);
const auth = new GoogleAuth();
let client: Promise<IdTokenClient> | undefined;
const receiverClient = () => {
  client ??= auth.getIdTokenClient(audience);
  return client;
};

const app = express();
app.use(express.json());

app.post('/messages', async (request, response) => {
  const answer = await (await receiverClient()).request({
    url: `${receiver}/messages`,
    method: 'POST',
    data: request.body,
  });
  response.status(answer.status).json(answer.data);
});

app.get('/identity', async (_request, response) => {
  const answer = await (await receiverClient()).request({ url: `${receiver}/identity` });
  response.json({ caller: { service: 'caller' }, receiver: answer.data });
});

app.listen(Number(process.env.PORT));
