import { expect, it } from 'vitest';
import { postMessage, useTestCloud } from '../support/cloud.ts';

const recovery = { timeout: 10_000, interval: 100 };

it.each(['caller', 'receiver'])(
  'the %s, told to stop under load, loses nothing that it has acknowledged',
  async (name) => {
    const cloud = await useTestCloud();
    const published = new Set<string | undefined>();
    cloud.pubsub.onPublished((_topic, messages) => {
      for (const { attributes } of messages) published.add(attributes.idempotencyKey);
    });
    const acknowledged: string[] = [];
    let isOver = false;
    const client = async (id: number) => {
      for (let i = 0; !isOver; i++) {
        const key = `${id}-${i}`;
        const answer = await postMessage(cloud, { text: key }, { 'idempotency-key': key });
        if (answer.status === 201) acknowledged.push(key);
      }
    };
    const clients = Array.from({ length: 20 }, (_, id) => client(id));
    await expect.poll(() => acknowledged.length, recovery).toBeGreaterThan(100);

    process.kill(Number(cloud.services.pidOf(name)), 'SIGTERM');
    await expect
      .poll(() => cloud.notices.join('\n'), recovery)
      .toContain(`${name} ended (exit code 0)`);
    await expect
      .poll(() => cloud.notices.join('\n'), recovery)
      .toContain(`${name} is running again`);
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, recovery).toBeGreaterThan(before + 100);
    isOver = true;
    await Promise.all(clients);

    expect(acknowledged.filter((key) => !published.has(key))).toEqual([]);
  },
);
