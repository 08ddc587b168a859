import { padEnd } from './display-width.ts';
import { type Paint, plain } from './paint.ts';
import { printable } from './printable.ts';

/**
 * A line that a service wrote, after the service's name; `width` is that of the longest name. Of an
 * entry in Cloud Logging's format, which is for machines, the parts for people are shown; any other
 * line is shown as it is.
 */
export function logLine(
  service: string,
  line: string,
  width: number,
  paint: Paint = plain,
): string {
  const prefix = paint('dim', `${padEnd(printable(service), width)} │`);
  return `${prefix} ${printable(readable(line), Number.POSITIVE_INFINITY)}`;
}

/** https://cloud.google.com/logging/docs/structured-logging */
function readable(line: string): string {
  const entry = parseObject(line);
  if (typeof entry?.severity !== 'string' || typeof entry.message !== 'string') return line;
  const { severity, message, code, reason, httpRequest } = entry;
  const latency = (httpRequest as { latency?: unknown } | undefined)?.latency;
  return [
    severity === 'INFO' ? message : `${severity} ${message}`,
    ...(typeof latency === 'string'
      ? [`(${Math.round(Number.parseFloat(latency) * 1000)} ms)`]
      : []),
    ...(typeof code === 'string' ? [`[${code}]`] : []),
    ...(reason === undefined ? [] : [JSON.stringify(reason)]),
  ].join(' ');
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
