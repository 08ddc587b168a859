import type { Terminal } from '../terminal.ts';

/** How one check ended. */
export interface Check {
  /** `unproven`: nothing is wrong, but whoever asks cannot bring about the proof. */
  outcome: 'passed' | 'failed' | 'unproven';
  /** One sentence without its full stop. */
  what: string;
  /** What to do. */
  advice?: string;
}

export const passed = (what: string): Check => ({ outcome: 'passed', what });
export const failed = (what: string, advice: string): Check => ({
  outcome: 'failed',
  what,
  advice,
});
export const unproven = (what: string, advice: string): Check => ({
  outcome: 'unproven',
  what,
  advice,
});

const marks = { passed: ['green', '✓'], failed: ['red', '✗'], unproven: ['yellow', '○'] } as const;

export function printCheck({ outcome, what, advice }: Check, { print, paint }: Terminal): void {
  const [style, mark] = marks[outcome];
  print(`  ${paint(style, mark)} ${what}`);
  if (advice) print(`    ${advice.replaceAll('\n', '\n    ')}`);
}
