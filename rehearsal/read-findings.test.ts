import { expect, it } from 'vitest';
import type { Finding } from '../deploy/doctor/finding.ts';
import { describeFindings } from '../deploy/doctor/report.ts';
import { loadTopology, resolveTopology } from '../deploy/topology.ts';
import { readFindings } from './read-findings.ts';

const topology = resolveTopology(loadTopology(), {
  ...{ project: 'my-project', projectNumber: '123456789012', region: 'europe-west1' },
  deployer: 'user:ada@example.com',
});
const finding = (severity: Finding['severity'], what: string, mend: string[]): Finding => ({
  ...{ severity, code: 'environment', where: 'service caller', what, why: 'It matters: $5.', mend },
});
/** As doctor prints it. */
const printed = (...findings: Finding[]) =>
  describeFindings(findings, topology, (_style, text) => text);

it('reads what doctor prints, with the commands as they were', () => {
  const commands = ['gcloud a \\\n  --b=c \\\n  --d', 'gcloud e'];
  const output = printed(
    finding('error', 'A is b', commands),
    finding('warning', 'C is d', ['gcloud f']),
    finding('info', 'E is f', []),
  );
  expect(readFindings(`Looking at it.\n\n${output}`)).toEqual([
    { text: 'service caller: A is b', mend: commands },
    { text: 'service caller: C is d', mend: ['gcloud f'] },
    { text: 'service caller: E is f', mend: [] },
  ]);
});

it('reads nothing where there is nothing to report', () => {
  expect(readFindings(printed())).toEqual([]);
});
