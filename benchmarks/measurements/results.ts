import type { BenchOptions, MeasurementName } from '../options.ts';
import type { ColdStart } from './cold-start.ts';
import type { Growth } from './growth.ts';
import type { Rounds } from './measure-in-turn.ts';
import type { Memory } from './memory.ts';
import type { Refreshes } from './refreshes.ts';

/** What each measurement gives. */
export interface Measured {
  /** `POST /messages` with 32 connections. */
  throughput: Rounds;
  /** The same with 8 and 128 connections. */
  concurrency: Growth<Rounds>;
  /** `GET /identity` with 32 connections: verification without publishing. */
  identity: Rounds;
  /** `POST /messages` with 32 connections and TLS before the receiver. */
  tls: Rounds;
  /** One connection. */
  latency: { messages: Rounds; identity: Rounds };
  memory: Memory;
  'cold-start': ColdStart;
  growth: { connections: Growth<Rounds>; bodyBytes: Growth<Rounds> };
  tokens: Growth;
  refreshes: Refreshes;
}

/** A whole run, or part of one. */
export interface Results extends Partial<Measured> {
  about: {
    date: string;
    node: string;
    processor: string;
    cores: number;
    options: Pick<BenchOptions, 'rounds' | 'seconds'>;
  };
}

export type { MeasurementName };
