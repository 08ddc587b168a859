import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { DecisionLog } from '../iam/decision-log.ts';
import { streamDecisions } from './decision-stream.ts';

const refused = {
  principal: 'anonymous',
  permission: 'run.routes.invoke',
  resource: 'x',
  reason: 'no token',
  allowed: false,
  remedy: undefined,
} as const;

/** A response whose reader takes `room` more pieces. */
class Reader extends EventEmitter {
  room: number;
  readonly pieces: string[] = [];

  constructor(room: number) {
    super();
    this.room = room;
  }

  get writableNeedDrain(): boolean {
    return this.room <= 0;
  }

  writeHead(): void {}

  write(piece: string): boolean {
    this.pieces.push(piece);
    this.room -= 1;
    return this.room > 0;
  }

  ids(): number[] {
    return this.pieces.flatMap((piece) => /^id: (\d+)/.exec(piece)?.[1] ?? []).map(Number);
  }
}

it('nothing is queued for a slow reader, who misses what is forgotten meanwhile', () => {
  const log = new DecisionLog({ clock: standingClock(), limit: 4 });
  const reader = new Reader(3);
  streamDecisions(log, 0, reader as unknown as ServerResponse);
  for (let i = 0; i < 10; i += 1) log.record(refused, 'GET /');
  expect(reader.ids()).toEqual([1, 2]);
  reader.room = 100;
  reader.emit('drain');
  expect(reader.ids()).toEqual([1, 2, 7, 8, 9, 10]);
  reader.emit('close');
});

it('after the reader has gone nobody listens, and no heart beats', () => {
  vi.useFakeTimers();
  try {
    const log = new DecisionLog({ clock: standingClock() });
    const reader = new Reader(100);
    streamDecisions(log, 0, reader as unknown as ServerResponse);
    vi.advanceTimersByTime(30_000);
    expect(reader.pieces.filter((piece) => piece === ':\n\n')).toHaveLength(2);
    reader.emit('close');
    const before = reader.pieces.length;
    log.record(refused, 'GET /');
    vi.advanceTimersByTime(30_000);
    expect(reader.pieces).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
