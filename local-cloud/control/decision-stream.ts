import type { ServerResponse } from 'node:http';
import type { DecisionEvent, DecisionLog } from '../iam/decision-log.ts';

/** Shows that the connection is alive, and finds out when it is not; in real time. */
const heartbeatMs = 15_000;

/**
 * Sends every decision after `since` as server-sent events until the client goes:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * Nothing is queued for a slow reader: it goes on where it was, and misses what the log has forgotten.
 */
export function streamDecisions(log: DecisionLog, since: number, response: ServerResponse): void {
  let sent = since;
  const send = () => {
    if (response.writableNeedDrain) return;
    for (const event of log.since(sent)) {
      sent = event.sequence;
      if (!response.write(frame(event))) return;
    }
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 1000\n\n');
  const stopListening = log.onDecision(send);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, heartbeatMs);
  response.on('drain', send);
  response.once('close', () => {
    stopListening();
    clearInterval(heartbeat);
  });
  send();
}

function frame(event: DecisionEvent): string {
  return `id: ${event.sequence}\nevent: decision\ndata: ${JSON.stringify(event)}\n\n`;
}
