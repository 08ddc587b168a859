import { connect } from 'node:net';
import type { Outcome } from './open-loop.ts';

const limitMs = 20_000;

/**
 * Opens a connection of its own, writes `chunks`, one every `paceMs`, until there is an answer, and hangs
 * up. What comes instead of an answer is told by its error code.
 */
export function rawExchange(
  port: number,
  chunks: readonly string[],
  paceMs: number,
  done: (outcome: Outcome) => void,
): void {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let outcome: Outcome = 'CLOSED_WITHOUT_ANSWER';
  const rest = [...chunks];
  const writeNext = () => {
    const chunk = rest.shift();
    if (chunk !== undefined) socket.write(chunk);
  };
  const pace = setInterval(writeNext, paceMs);
  socket.setTimeout(limitMs, () => {
    outcome = 'TIMEOUT';
    socket.destroy();
  });
  socket.on('connect', writeNext);
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1];
    if (status === undefined) return;
    outcome = Number(status);
    socket.destroy();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (typeof outcome === 'string') outcome = error.code ?? error.name;
  });
  socket.on('close', () => {
    clearInterval(pace);
    done(outcome);
  });
}
