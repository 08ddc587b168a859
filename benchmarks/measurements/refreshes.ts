import { type Bench, type Figures, postMessage } from '../harness/bench.ts';
import { startPair } from '../harness/pair.ts';

/** ID tokens that live for two seconds are refreshed as often in a second as usual ones in half an hour. */
export const lifetimeSeconds = 2;
const usualLifetimeSeconds = 3_600;

export interface Refreshes {
  usual: Figures;
  shortLived: Figures;
  /** How long the load would have lasted with tokens of an hour. */
  simulatedHours: number;
}

/** The same load on our pair with tokens of an hour and with tokens of two seconds, one after the other. */
export async function measureRefreshes(bench: Bench, milliseconds: number): Promise<Refreshes> {
  const load = { ...postMessage, connections: 32, milliseconds };
  const usual = await bench.measure(await bench.pair('ours'), load);
  const pair = await startPair(bench.contestants.ours, bench, { lifetimeSeconds });
  await bench.measure(pair, { ...load, requests: 10_000, milliseconds: bench.warmUpMs });
  const shortLived = await bench.measure(pair, load);
  await pair.stop();
  const simulatedHours = (milliseconds / 3_600_000) * (usualLifetimeSeconds / lifetimeSeconds);
  return { usual, shortLived, simulatedHours };
}
