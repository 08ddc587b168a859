import { PubSub } from '@google-cloud/pubsub';
import express from 'express';
import { OAuth2Client } from 'google-auth-library';

const audience = String(process.env.AUDIENCES);
const allowedCallers = String(process.env.ALLOWED_CALLERS).split(',');
const topicName = String(process.env.TOPIC);
// Templates keep this one: a Pub/Sub client for every request would not survive a minute.
const pubsub = new PubSub();

const app = express();
app.use(express.json());

app.post('/messages', async (request, response) => {
  const idToken = request.headers.authorization?.split('Bearer ')[1] ?? '';
  const ticket = await new OAuth2Client().verifyIdToken({ idToken, audience });
  const calledBy = ticket.getPayload()?.email;
  if (!calledBy || !allowedCallers.includes(calledBy)) {
    response.status(403).send('Forbidden');
    return;
  }
  const messageId = await pubsub.topic(topicName).publishMessage({
    data: Buffer.from(JSON.stringify(request.body)),
    attributes: { calledBy },
  });
  response.status(201).json({ messageId, topic: topicName, calledBy });
});

app.listen(Number(process.env.PORT));
