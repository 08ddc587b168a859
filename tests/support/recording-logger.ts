import { pino } from 'pino';

/** A logger, and all that was written to it. */
export function recordingLogger() {
  const lines: string[] = [];
  const logger = pino({ messageKey: 'message' }, { write: (line) => void lines.push(line) });
  return { logger, log: () => lines.join('') };
}
