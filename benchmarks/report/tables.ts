import type { Results } from '../measurements/results.ts';
import { coldStartTable } from './cold-start-table.ts';
import { growthTable, tokensTable } from './growth-tables.ts';
import { costTable, memoryTable, refreshesTable } from './other-tables.ts';
import { roundsTable } from './rounds-table.ts';
import { addedMedian, targets, verdictOf } from './targets.ts';
import { figure } from './text-table.ts';

/** A heading, a sentence where one is needed, and rows of which the first is the head. */
export interface Table {
  title: string;
  note?: string;
  rows: string[][];
}

/** Everything that a run showed, as tables; the promises last, where a terminal leaves them in sight. */
export function tables(results: Results): Table[] {
  const { throughput, identity, tls, latency, concurrency, memory, growth, tokens, refreshes } =
    results;
  const starts = results['cold-start'];
  const made: (Table | undefined)[] = [
    throughput && { title: 'POST /messages, 32 connections', rows: roundsTable(throughput) },
    throughput && {
      title: 'CPU cost of a million messages, both services, in US dollars',
      note: 'At 0.000024 $ per vCPU-second (https://cloud.google.com/run/pricing, request-based billing, tier 1) on an instance in full use; requests, memory and Pub/Sub not included.',
      rows: costTable(throughput),
    },
    ...(concurrency ?? []).map(({ at, figures }) => ({
      title: `POST /messages, ${at} connections`,
      rows: roundsTable(figures),
    })),
    latency && { title: 'POST /messages, 1 connection', rows: roundsTable(latency.messages) },
    latency && {
      title: 'GET /identity, 1 connection',
      ...publishShare(latency),
      rows: roundsTable(latency.identity),
    },
    identity && {
      title: 'GET /identity, 32 connections: verification without publishing',
      rows: roundsTable(identity),
    },
    tls && {
      title: 'POST /messages, 32 connections, TLS between the services',
      rows: roundsTable(tls),
    },
    memory && { title: 'Memory at rest after one request, in MiB', rows: memoryTable(memory) },
    starts && {
      title: 'Cold start, page cache warm: milliseconds from the start of the process',
      rows: coldStartTable(starts.warmCache),
    },
    starts?.coldCache && {
      title: 'Cold start, page cache emptied before each start',
      rows: coldStartTable(starts.coldCache),
    },
    growth && {
      title: 'Growth: connections',
      rows: growthTable('connections', growth.connections),
    },
    growth && { title: 'Growth: bytes of the body', rows: growthTable('bytes', growth.bodyBytes) },
    tokens && { title: 'Growth: distinct tokens, receiver alone', rows: tokensTable(tokens) },
    refreshes && {
      title: 'Token refreshes',
      note: `ID tokens that live for two seconds: as many refreshes as in ${figure(refreshes.simulatedHours)} hours.`,
      rows: refreshesTable(refreshes),
    },
    { title: 'Targets', rows: targetsTable(results) },
  ];
  return made.filter((table) => table !== undefined);
}

function publishShare({ messages, identity }: NonNullable<Results['latency']>) {
  const [all, withoutPublish] = [addedMedian(messages), addedMedian(identity)];
  if (!all || !withoutPublish) return {};
  const publish = figure(all.median - withoutPublish.median);
  return {
    note: `Added over the bare pair at the median: ${figure(withoutPublish.median)} ms here; publishing adds another ${publish} ms, the round trip to Pub/Sub included.`,
  };
}

function targetsTable(results: Results): string[][] {
  return [
    ['figure', 'target', 'median', 'spread', 'verdict'],
    ...targets(results).map(({ figure: name, bound, unit, measured }) => {
      const sign = 'atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
      return [
        name,
        unit ? `${sign} ${unit}` : sign,
        measured ? figure(measured.median) : '',
        measured ? `${figure(measured.least)}–${figure(measured.most)}` : '',
        verdictOf({ bound, measured }),
      ];
    }),
  ];
}
