import { PubSub } from '@google-cloud/pubsub';
import express, { type Request } from 'express';
import { OAuth2Client } from 'google-auth-library';

// As Google's samples verify a token and publish:
// https://cloud.google.com/run/docs/tutorials/identity-platform and
// https://cloud.google.com/pubsub/docs/publisher

const audience = String(process.env.AUDIENCES);
const allowedCallers = String(process.env.ALLOWED_CALLERS).split(',');
const topicName = String(process.env.TOPIC);
const authClient = new OAuth2Client();
const pubsub = new PubSub();
const topic = pubsub.topic(topicName);

async function callerOf(request: Request): Promise<string | undefined> {
  const idToken = request.headers.authorization?.split('Bearer ')[1] ?? '';
  const ticket = await authClient.verifyIdToken({ idToken, audience });
  const email = ticket.getPayload()?.email;
  return email && allowedCallers.includes(email) ? email : undefined;
}

const app = express();
app.use(express.json());

app.post('/messages', async (request, response) => {
  const calledBy = await callerOf(request);
  if (calledBy === undefined) {
    response.status(403).send('Forbidden');
    return;
  }
  const messageId = await topic.publishMessage({
    data: Buffer.from(JSON.stringify(request.body)),
    attributes: { calledBy },
  });
  response.status(201).json({ messageId, topic: topicName, calledBy });
});

app.get('/identity', async (request, response) => {
  response.json({ service: 'receiver', calledBy: await callerOf(request) });
});

app.listen(Number(process.env.PORT));
