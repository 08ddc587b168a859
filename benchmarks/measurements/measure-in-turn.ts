import type { Bench, Figures, Request } from '../harness/bench.ts';
import type { ContestantName } from '../harness/contestants.ts';
import type { Route } from '../harness/pair.ts';

/** Each contestant's figures, one for each round. */
export type Rounds = Partial<Record<ContestantName, Figures[]>>;

/**
 * Loads the contestants in turn, A B C, A B C …, so that whatever disturbs the machine for a while does not
 * hit one of them alone.
 */
export async function measureInTurn(
  bench: Bench,
  options: {
    contestants: readonly ContestantName[];
    request: Request;
    route?: Route;
    connections: number;
    rounds: number;
    milliseconds: number;
  },
): Promise<Rounds> {
  const { contestants, request, route, connections, rounds, milliseconds } = options;
  const measured: Rounds = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const name of contestants) {
      const pair = await bench.pair(name, route);
      const figures = await bench.measure(pair, { ...request, connections, milliseconds });
      measured[name] = [...(measured[name] ?? []), figures];
    }
  }
  return measured;
}
