import { setTimeout as sleep } from 'node:timers/promises';
import { residentMiB } from '../harness/process-figures.ts';
import type { Contestant } from './contestant.ts';
import { startEmbedded } from './embedded-process.ts';
import { startGoogleEmulator } from './google-emulator.ts';
import type { LoadRates, LoadSize } from './load.ts';
import { startLoadClient } from './load-client.ts';
import { startLocalCloudProcess } from './local-cloud-process.ts';

export interface PubsubBenchmarkOptions {
  rounds: number;
  /** Starts of the local cloud whose time is taken. */
  starts: number;
  size: LoadSize;
}

/** One contestant's figures. */
export interface PubsubFigures {
  name: string;
  /** The first round meets a server that has just started; all are kept. */
  rounds: LoadRates[];
  /** Resident, after a few messages and some seconds of rest. */
  idleMiB: number;
}

export interface PubsubResults {
  figures: PubsubFigures[];
  /** Of each start: seen from outside, and by the local cloud's own count. */
  starts: { readyMs: number; ownReadyMs: number }[];
  /** Why there is nothing to compare with. */
  skipped: string | undefined;
}

export const defaultPubsubOptions: PubsubBenchmarkOptions = {
  rounds: 5,
  starts: 5,
  size: { oneAtATime: 2_000, inFlight: 10_000, endToEnd: 20_000 },
};

/** So few that they show nothing but that everything is loaded. */
const touch: LoadSize = { oneAtATime: 1, inFlight: 1, endToEnd: 1 };
const restMs = 3_000;

/**
 * Round by round in turn: our Pub/Sub as it is embedded, on a plain connection as Google's emulator has it;
 * the whole local cloud, with proxy, TLS and terminal; and Google's emulator.
 */
export async function runPubsubBenchmark(
  options: PubsubBenchmarkOptions = defaultPubsubOptions,
): Promise<PubsubResults> {
  const starts = await measureStarts(options.starts);
  const emulator = await startGoogleEmulator();
  const contestants: Contestant[] = [await startEmbedded(), await startLocalCloudProcess()];
  if (typeof emulator !== 'string') contestants.push(emulator);
  const clients = contestants.map(startLoadClient);
  try {
    for (const client of clients) await client.run(touch);
    await sleep(restMs);
    const figures = contestants.map(({ name, pid }) => ({
      name,
      rounds: [] as LoadRates[],
      idleMiB: residentMiB(pid).resident,
    }));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [index, client] of clients.entries()) {
        figures[index]?.rounds.push(await client.run(options.size));
      }
    }
    return { figures, starts, skipped: typeof emulator === 'string' ? emulator : undefined };
  } finally {
    for (const client of clients) client.stop();
    for (const contestant of contestants) await contestant.stop();
  }
}

async function measureStarts(count: number): Promise<PubsubResults['starts']> {
  const starts = [];
  for (let index = 0; index < count; index += 1) {
    const { readyMs, ownReadyMs, stop } = await startLocalCloudProcess();
    await stop();
    starts.push({ readyMs, ownReadyMs });
  }
  return starts;
}
