import { createServer } from 'node:http';
import { Pool } from 'undici';

// The limit of two hops in Node: no framework, and the fastest client there is.

const receiver = new Pool(String(process.env.RECEIVER_URL), { connections: 128 });

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const text = Buffer.concat(chunks).toString();
    const { statusCode, body } = await receiver.request({
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: { 'content-type': 'application/json' },
      body: text && JSON.stringify(JSON.parse(text)),
    });
    const answer = JSON.stringify(await body.json());
    response.writeHead(statusCode, { 'content-type': 'application/json' });
    response.end(answer);
  });
}).listen(Number(process.env.PORT));
