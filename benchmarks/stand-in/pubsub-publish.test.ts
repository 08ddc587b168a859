import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Counters, counted, newCounters } from './counters.ts';
import { answerPublish } from './pubsub-publish.ts';

let server: Http2Server;
let client: InstanceType<typeof v1.PublisherClient>;
let counters: Counters;

beforeEach(async () => {
  counters = newCounters();
  server = createServer().on('stream', (stream) => answerPublish(stream, counters));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new v1.PublisherClient({
    projectId: 'bench-project',
    universeDomain: 'googleapis.com',
    authClient: new PassThroughClient(),
    servicePath: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    sslCreds: credentials.createInsecure(),
  });
});

afterEach(async () => {
  await client.close();
  server.close();
});

it("acknowledges to Google's own client each message by an id, and counts", async () => {
  const publish = (texts: readonly string[]) =>
    client.publish({
      topic: 'projects/bench-project/topics/events',
      messages: texts.map((text) => ({ data: Buffer.from(text), attributes: { key: 'value' } })),
    });
  const [first] = await publish(['a', 'b'.repeat(20_000), 'c']);
  const before = { ...counters };
  const [second] = await publish(['d']);
  expect([first.messageIds, second.messageIds]).toEqual([['1', '2', '3'], ['4']]);
  expect(counters).toMatchObject({ publishRequests: 2, messages: 4 });
  expect(counted(before, counters)).toMatchObject({ publishRequests: 1, messages: 1 });
});
