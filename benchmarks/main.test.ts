import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { Results } from './measurements/results.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, 'main.ts');
const output = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(output, { recursive: true }));

// With contestants that need no build of ours. What Google's libraries accept from the stand-in they would accept
// from Google: it has Google's addresses, tokens and protocol.
describe.runIf(process.platform === 'linux')('npm run bench', () => {
  it('measures contestants without a failure, and writes what it found', async () => {
    const args = ['--only', 'throughput', '--contestants', 'sample-style,bare-pair'];
    const size = ['--rounds', '1', '--seconds', '0.2', '--output', output];
    const { stdout } = await run(process.execPath, [main, ...args, ...size]);
    const results: Results = JSON.parse(readFileSync(join(output, 'results.json'), 'utf8'));
    const [sample] = results.throughput?.['sample-style'] ?? [];
    const [bare] = results.throughput?.['bare-pair'] ?? [];
    expect(sample).toMatchObject({ failures: 0, google: { idTokens: 0, certificates: 0 } });
    expect(sample?.requests).toBeGreaterThan(0);
    expect(sample?.google.messages).toBe(sample?.requests);
    expect(bare).toMatchObject({ failures: 0, google: { messages: 0 } });
    expect(bare?.cpu.caller).toBeGreaterThan(0);
    expect(stdout).toMatch(/^sample-style +\d/m);
    expect(readFileSync(join(output, 'throughput.svg'), 'utf8')).toContain('>sample-style<');
  });

  it('says what is wrong with a command line', async () => {
    const refused = run(process.execPath, [main, '--only', 'nothing']);
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--only: nothing is none of/),
    });
  });
});
