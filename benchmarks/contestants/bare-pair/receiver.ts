import { randomUUID } from 'node:crypto';
import express from 'express';

const topic = process.env.TOPIC;
const app = express();

app.post('/messages', express.json(), (request, response) => {
  response.status(201).json({
    messageId: String(request.body.text.length),
    topic,
    calledBy: 'caller',
    publishedBy: 'receiver',
    idempotencyKey: randomUUID(),
  });
});

app.get('/identity', (_request, response) => {
  response.json({
    service: 'receiver',
    revision: null,
    serviceAccount: 'receiver',
    calledBy: {
      email: 'caller',
      subject: '1',
      audience: 'receiver',
      issuer: 'none',
      expiresAt: new Date().toISOString(),
    },
  });
});

app.listen(Number(process.env.PORT));
