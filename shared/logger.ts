import { type DestinationStream, type Level, type Logger, pino } from 'pino';

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

/**
 * Standard output, written once per turn of the event loop: under load one system call takes many lines.
 * Only a kill can lose the lines of the turn that it falls into.
 */
function standardOutput(): DestinationStream {
  const output = pino.destination({ sync: true, minLength: 8 * 1024 });
  let isFlushing = false;
  const flush = () => {
    isFlushing = false;
    output.flushSync();
  };
  process.on('exit', flush);
  return {
    write(line) {
      output.write(line);
      if (isFlushing) return;
      isFlushing = true;
      setImmediate(flush);
    },
  };
}

/** A JWT (three base64url parts, the first two JSON objects), or an opaque Google access token. */
const tokens = /eyJ[\w-]*(?:\.[\w-]*){0,2}|ya29\.[\w.-]+/g;

/** A text from elsewhere, fit for the log: no tokens, and not without end. */
export function withoutTokens(text: string): string {
  return text.slice(0, 1_000).replace(tokens, '[token]');
}
