import { figure } from '../report/text-table.ts';
import { firstLimit, type Scale } from './model.ts';

/** The model as columns, one for each rate; the first row is the heading. */
export function needsTable(scales: readonly Scale[]): string[][] {
  const row = (title: string, of: (scale: Scale) => number) => [
    title,
    ...scales.map((scale) => figure(of(scale))),
  ];
  return [
    heading(scales),
    row('instances of the caller', ({ instances }) => instances.caller),
    row('instances of the receiver', ({ instances }) => instances.receiver),
    row('token fetches per hour', ({ traffic }) => traffic.tokenFetchesPerHour),
    row('certificate fetches per hour', ({ traffic }) => traffic.certificateFetchesPerHour),
    row('messages per publish', ({ traffic }) => traffic.messagesPerPublish),
    row('publish requests per second', ({ traffic }) => traffic.publishesPerSecond),
    row('published, MB per second', ({ traffic }) => traffic.publishBytesPerSecond / 1e6),
    row('log, MB per second', ({ traffic }) => traffic.logBytesPerSecond / 1e6),
  ];
}

/** How much of each limit is in use, in percent, and which one is met first. */
export function limitsTable(scales: readonly Scale[]): string[][] {
  const names = scales[0]?.limits.map(({ name }) => name) ?? [];
  const rows = names.map((name, index) => [
    name,
    ...scales.map(({ limits }) => `${figure(100 * (limits[index]?.use ?? Number.NaN))} %`),
  ]);
  return [heading(scales), ...rows, ['first', ...scales.map((scale) => firstLimit(scale).name)]];
}

/** Dollars a month. */
export function costsTable(scales: readonly Scale[]): string[][] {
  const names = Object.keys(scales[0]?.costs ?? {}) as (keyof Scale['costs'])[];
  const total = ({ costs }: Scale) => Object.values(costs).reduce((sum, cost) => sum + cost, 0);
  return [
    heading(scales),
    ...names.map((name) => [name, ...scales.map(({ costs }) => figure(costs[name]))]),
    ['all', ...scales.map((scale) => figure(total(scale)))],
  ];
}

function heading(scales: readonly Scale[]): string[] {
  return ['', ...scales.map(({ requestsPerSecond }) => `${figure(requestsPerSecond)} req/s`)];
}
