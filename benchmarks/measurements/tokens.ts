import { type Bench, type Figures, getIdentity } from '../harness/bench.ts';
import { callerEmail } from '../harness/names.ts';
import type { Growth } from './growth.ts';

/** How many callers' tokens a receiver sees. */
const counts = [1, 100, 10_000] as const;

/**
 * Loads our receiver directly with requests that bear `count` genuine tokens in turn. `GET /identity`, so
 * that verification is most of the work, and not publishing.
 */
export async function measureTokens(
  bench: Bench,
  { rounds, milliseconds }: { rounds: number; milliseconds: number },
): Promise<Growth> {
  const pair = await bench.pair('ours');
  const tokens = await bench.standIn.distinctTokens(callerEmail, Math.max(...counts));
  const load = { ...getIdentity, connections: 32, milliseconds };
  await bench.measure(pair, { ...load, tokens: tokens.slice(0, 1) }, 'receiver');
  const measured = counts.map((at): { at: number; figures: Figures[] } => ({ at, figures: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { at, figures } of measured) {
      figures.push(await bench.measure(pair, { ...load, tokens: tokens.slice(0, at) }, 'receiver'));
    }
  }
  return measured;
}
