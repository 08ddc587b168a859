import express from 'express';

// The floor of this design: the same routes with nothing of identity or publishing.

const receiver = process.env.RECEIVER_URL;
const app = express();

app.post('/messages', express.json(), async (request, response) => {
  const answer = await fetch(`${receiver}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
  });
  response.status(answer.status).json(await answer.json());
});

app.get('/identity', async (_request, response) => {
  const answer = await fetch(`${receiver}/identity`);
  response.json({
    caller: { service: 'caller', revision: null, serviceAccount: 'caller' },
    receiver: await answer.json(),
  });
});

app.listen(Number(process.env.PORT));
