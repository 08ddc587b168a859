import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counters, counted } from '../stand-in/counters.ts';
import {
  buildContestants,
  type Contestant,
  type ContestantName,
  type ServiceName,
} from './contestants.ts';
import type { Load, LoadGeneratorTasks, LoadResult } from './load-generator.ts';
import { type Pair, type Route, startPair } from './pair.ts';
import { cpuSeconds } from './process-figures.ts';
import { StandIn } from './stand-in.ts';
import { Worker } from './worker.ts';

/** What one load showed. */
export interface Figures extends LoadResult {
  /** CPU seconds, user and system, for 1,000 requests. */
  cpu: { caller: number; receiver: number };
  google: Counters;
}

export type Request = Pick<Load, 'method' | 'path' | 'headers' | 'body'>;

export const postMessage: Request = {
  method: 'POST',
  path: '/messages',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ text: 'x'.repeat(100) }),
};

export const getIdentity: Request = { method: 'GET', path: '/identity', headers: {} };

/** Enough for the optimising compiler to have seen the hot paths, but not for ever where a contestant is slow. */
const warmUp = { requests: 10_000, connections: 32 };

/** The stand-in, the load generator, and the contestants' pairs, started when they are first needed. */
export class Bench {
  readonly folder: string;
  readonly standIn: StandIn;
  readonly contestants: Record<ContestantName, Contestant>;
  readonly #generator = new Worker<LoadGeneratorTasks>(
    join(import.meta.dirname, 'load-generator.ts'),
  );
  readonly #pairs = new Map<string, Promise<Pair>>();

  /** The longest time that a pair is warmed for, in milliseconds. */
  readonly warmUpMs: number;

  private constructor(
    folder: string,
    contestants: Record<ContestantName, Contestant>,
    warmUpMs: number,
  ) {
    this.folder = folder;
    this.contestants = contestants;
    this.warmUpMs = warmUpMs;
    this.standIn = new StandIn(folder);
  }

  /** @param options.buildOurs whether the services are built first */
  static async open(options: { buildOurs: boolean; warmUpMs: number }): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    // Also when the run is broken off.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const contestants = await buildContestants(join(folder, 'bundles'), options);
    return new Bench(folder, contestants, options.warmUpMs);
  }

  /** The pair of a contestant, warm; it stays for the rest of the run. */
  pair(name: ContestantName, route: Route = 'direct'): Promise<Pair> {
    const key = `${name} ${route}`;
    const pair = this.#pairs.get(key) ?? this.#startWarm(name, route);
    this.#pairs.set(key, pair);
    return pair;
  }

  /** Loads a pair, through its caller unless `entry` says otherwise. */
  async measure(
    pair: Pick<Pair, 'caller' | 'receiver'>,
    load: Request & Pick<Load, 'connections' | 'milliseconds' | 'requests' | 'tokens'>,
    entry: ServiceName = 'caller',
  ): Promise<Figures> {
    const { caller, receiver } = pair;
    const before = { caller: cpuSeconds(caller.pid), receiver: cpuSeconds(receiver.pid) };
    const countersBefore = await this.standIn.counters();
    const result = await this.#generator.ask('load', {
      ...load,
      origin: `http://127.0.0.1:${pair[entry].port}`,
    });
    const thousands = result.requests / 1_000;
    return {
      ...result,
      cpu: {
        caller: (cpuSeconds(caller.pid) - before.caller) / thousands,
        receiver: (cpuSeconds(receiver.pid) - before.receiver) / thousands,
      },
      google: counted(countersBefore, await this.standIn.counters()),
    };
  }

  async close(): Promise<void> {
    const pairs = await Promise.allSettled(this.#pairs.values());
    await Promise.all(pairs.map((pair) => pair.status === 'fulfilled' && pair.value.stop()));
    this.#generator.stop();
    this.standIn.stop();
  }

  async #startWarm(name: ContestantName, route: Route): Promise<Pair> {
    const pair = await startPair(this.contestants[name], this, { route });
    await this.measure(pair, { ...postMessage, ...warmUp, milliseconds: this.warmUpMs });
    return pair;
  }
}
