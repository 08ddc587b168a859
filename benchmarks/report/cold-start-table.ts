import { type Start, type StartRound, startedForms } from '../measurements/cold-start.ts';
import { spread } from './statistics.ts';

/** Medians and spreads of what was started. */
export function coldStartTable(rounds: readonly StartRound[]): string[][] {
  const row = (name: string, pick: (round: StartRound) => Start) => [
    name,
    ...cells(rounds.map((round) => pick(round).listening)),
    ...cells(rounds.flatMap((round) => pick(round).published ?? [])),
  ];
  return [
    ['', 'listening', 'spread', 'first 201', 'spread'],
    row('empty Express', (round) => round.emptyExpress),
    row('empty Express, compile cache', (round) => round.emptyExpressCompiled),
    ...(['caller', 'receiver'] as const).flatMap((service) =>
      startedForms.map((form) => row(`${service}, ${form}`, (round) => round[service][form])),
    ),
  ];
}

function cells(values: readonly number[]): [string, string] {
  if (values.length === 0) return ['', ''];
  const { median, least, most } = spread(values);
  return [median.toFixed(0), `${least.toFixed(0)}–${most.toFixed(0)}`];
}
