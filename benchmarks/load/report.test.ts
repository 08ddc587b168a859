import { expect, it } from 'vitest';
import type { Figure } from './figure.ts';
import { markdownReport, textTable } from './report.ts';

const figures: Figure[] = [
  { phase: 'steady', name: 'requests', value: 60_000, unit: '' },
  { phase: 'steady', name: 'p99', value: 12.3456, unit: 'ms' },
  {
    phase: 'soak',
    name: 'lost',
    value: 0,
    unit: '',
    target: { is: 'at most', value: 0 },
  },
  {
    phase: 'soak',
    name: 'growth',
    value: 64,
    unit: 'MiB',
    target: { is: 'below', value: 64 },
  },
];

it('shows figures, targets and verdicts in columns', () => {
  expect(textTable(figures).split('\n')).toEqual([
    'run     figure    measured  promised',
    'steady  requests  60,000',
    'steady  p99       12.35 ms',
    'soak    lost      0         at most 0     kept',
    'soak    growth    64 MiB    below 64 MiB  MISSED',
  ]);
});

it('keeps them with the machine', () => {
  const report = markdownReport(figures, {
    cpu: 'A CPU',
    cores: 2,
    memoryGiB: 8,
    kernel: 'Linux 6',
    node: 'v24',
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc1234',
  });
  expect(report).toContain('commit abc1234: 2 cores of A CPU, 8 GiB, Linux 6, Node v24.');
  expect(report).toContain('| soak | growth | 64 MiB | below 64 MiB | MISSED |');
});
