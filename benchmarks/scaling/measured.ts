import { readFileSync } from 'node:fs';
import { spread } from '../report/statistics.ts';
import type { Inputs } from './inputs.ts';

/** What `npm run bench` has measured of ours with 32 connections; undefined where it has not run. */
export function measuredCpu(file: string): Inputs['cpuSecondsPer1000'] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  return cpuOf(JSON.parse(text));
}

/** From the content of `results.json`. */
export function cpuOf(results: {
  throughput?: { ours?: readonly { cpu: Inputs['cpuSecondsPer1000'] }[] };
}): Inputs['cpuSecondsPer1000'] | undefined {
  const rounds = results.throughput?.ours;
  if (!rounds?.length) return undefined;
  return {
    caller: spread(rounds.map(({ cpu }) => cpu.caller)).median,
    receiver: spread(rounds.map(({ cpu }) => cpu.receiver)).median,
  };
}
