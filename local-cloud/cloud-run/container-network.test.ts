import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'container-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

const socketFile = (name: string) => JSON.stringify(join(folder, name));
const everywhere = [
  'listen(0)',
  'listen("0")',
  'listen()',
  'listen(() => {})',
  'listen(null, () => {})',
  'listen(0, () => {})',
  'listen(0, 511, () => {})',
  'listen(0, undefined, 511)',
  'listen(0, "0.0.0.0")',
  'listen(0, "0")',
  'listen(0, "::", 511, () => {})',
  'listen({ port: 0 })',
  'listen({ port: 0, host: "0.0.0.0" }, () => {})',
  'listen({ port: 0, host: "::ffff:0.0.0.0" })',
  'listen(0, "192.0.2.1")',
];
const onThisMachine = [
  'listen(0, "localhost")',
  `listen(${socketFile('a')})`,
  `listen({ path: ${socketFile('b')} })`,
];

/** Where the server of each call listens, if a service's process makes it. */
const addresses = addressesOf([...everywhere, ...onThisMachine]);

function addressesOf(calls: string[]): Record<string, { address: string; port: number } | string> {
  const preload = new URL('container-network.ts', import.meta.url).href;
  const program = `
    const { createServer } = require('node:http');
    const { once } = require('node:events');
    (async () => {
      const addresses = {};
      for (const call of ${JSON.stringify(calls)}) {
        const server = createServer();
        eval('server.' + call);
        await once(server, 'listening');
        addresses[call] = server.address();
        server.close();
      }
      console.log(JSON.stringify(addresses));
    })();`;
  const { PATH } = process.env;
  const args = ['--import', preload, '--input-type=commonjs', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, args, { env: { PATH }, encoding: 'utf8' }));
}

it.each(everywhere)('%s stays on this machine', (call) => {
  expect(addresses[call]).toMatchObject({ address: '127.0.0.1', port: expect.any(Number) });
});

it('leaves alone what stays here anyway', () => {
  const [byName = '', ...files] = onThisMachine.map((call) => addresses[call]);
  expect(['127.0.0.1', '::1']).toContain(typeof byName === 'object' && byName.address);
  expect(files).toEqual([join(folder, 'a'), join(folder, 'b')]);
});
