import type { Bench, Figures } from '../harness/bench.ts';
import { postMessage } from '../harness/bench.ts';
import type { ContestantName } from '../harness/contestants.ts';
import { messageOfBytes } from '../harness/message-of-bytes.ts';
import { measureInTurn, type Rounds } from './measure-in-turn.ts';

/** What was measured at each size of something that grows. */
export type Growth<T = Figures[]> = { at: number; figures: T }[];

export const sizes = {
  connections: [1, 10, 100, 1_000],
  bodyBytes: [100, 1_000, 10_000, 60_000],
} as const;

const compared: readonly ContestantName[] = ['ours', 'bare-pair'];
const connections = 32;

interface Length {
  rounds: number;
  milliseconds: number;
}

/** From one request at a time to as many as an instance of Cloud Run takes. */
export async function measureConcurrency(bench: Bench, length: Length): Promise<Growth<Rounds>> {
  const measured: Growth<Rounds> = [];
  for (const at of sizes.connections) {
    const load = { ...length, contestants: compared, request: postMessage, connections: at };
    measured.push({ at, figures: await measureInTurn(bench, load) });
  }
  return measured;
}

/** From a short text to nearly the largest body. */
export async function measureBodies(bench: Bench, length: Length): Promise<Growth<Rounds>> {
  const measured: Growth<Rounds> = [];
  for (const at of sizes.bodyBytes) {
    const request = { ...postMessage, body: messageOfBytes(at) };
    const load = { ...length, contestants: compared, request, connections };
    measured.push({ at, figures: await measureInTurn(bench, load) });
  }
  return measured;
}
