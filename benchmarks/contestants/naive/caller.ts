import express from 'express';
import { GoogleAuth } from 'google-auth-library';

// As many templates do it: a client, and with it a token, for every request.

const receiver = process.env.RECEIVER_URL;
const audience = String(process.env.RECEIVER_AUDIENCE);

const app = express();
app.use(express.json());

app.post('/messages', async (request, response) => {
  const client = await new GoogleAuth().getIdTokenClient(audience);
  const answer = await client.request({
    url: `${receiver}/messages`,
    method: 'POST',
    data: request.body,
  });
  response.status(answer.status).json(answer.data);
});

app.listen(Number(process.env.PORT));
