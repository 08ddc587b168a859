import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const topic = process.env.TOPIC;

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString() || '{"text":""}');
    const answer = {
      messageId: String(message.text.length),
      topic,
      calledBy: 'caller',
      publishedBy: 'receiver',
      idempotencyKey: randomUUID(),
    };
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
}).listen(Number(process.env.PORT));
