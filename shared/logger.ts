import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import { GatheredOutput } from './gathered-output.ts';

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
const severities: Record<Level, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * A logger that writes one JSON object a line in Cloud Logging's format
 * (https://cloud.google.com/logging/docs/structured-logging), to standard output by default.
 */
export function createLogger(
  options: { level: Level | 'silent'; service: string; revision: string | undefined },
  destination?: DestinationStream,
): Logger {
  const { level, service, revision } = options;
  return pino(
    {
      level,
      messageKey: 'message',
      base: { serviceContext: { service, version: revision } },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ severity: severities[label as Level] }) },
    },
    destination ?? standardOutput(),
  );
}

/** Least time between two writes of log lines, in milliseconds. */
const pauseBetweenWritesMs = 5;

/**
 * Standard output, written in the background. A reader that stalls must not hold up requests, nor fill the
 * memory: beyond 4 MiB lines are dropped.
 */
function standardOutput(): DestinationStream {
  const output = pino.destination({ sync: false, maxLength: 4 * 1024 * 1024 });
  const gathered = new GatheredOutput(output, pauseBetweenWritesMs);
  // The end of the process does not wait for what is written in the background.
  process.once('exit', () => gathered.flush(pino.destination({ sync: true })));
  return gathered;
}

/** A JWT (three base64url parts, the first two JSON objects), or an opaque Google access token. */
const tokens = /eyJ[\w-]*(?:\.[\w-]*){0,2}|ya29\.[\w.-]+/g;

/** A text from elsewhere, fit for the log: no tokens, and not without end. */
export function withoutTokens(text: string): string {
  return text.slice(0, 1_000).replace(tokens, '[token]');
}
