import { padEnd } from './display-width.ts';
import { type Paint, plain } from './paint.ts';
import { printable } from './printable.ts';

/**
 * A line that a service wrote, after the service's name; `width` is that of the longest name. Of an
 * entry in Cloud Logging's format, which is for machines, the parts for people are shown, each cause
 * of a failure in a line of its own; any other line is shown as it is.
 */
export function logLine(
  service: string,
  line: string,
  width: number,
  paint: Paint = plain,
): string {
  const prefix = paint('dim', `${padEnd(printable(service), width)} │`);
  return readable(line)
    .map((text) => `${prefix} ${text}`)
    .join('\n');
}

/** https://cloud.google.com/logging/docs/structured-logging */
function readable(line: string): string[] {
  const entry = parseObject(line);
  if (typeof entry?.severity !== 'string' || typeof entry.message !== 'string') {
    return [printable(line, Number.POSITIVE_INFINITY)];
  }
  const { severity, message, code, reason, httpRequest } = entry;
  const latency = (httpRequest as { latency?: unknown } | undefined)?.latency;
  const summary = [
    severity === 'INFO' ? message : `${severity} ${message}`,
    ...(typeof latency === 'string'
      ? [`(${Math.round(Number.parseFloat(latency) * 1000)} ms)`]
      : []),
    ...(typeof code === 'string' ? [`[${code}]`] : []),
  ].join(' ');
  const causes = reason === undefined ? [] : [reason].flat();
  return [
    printable(summary, Number.POSITIVE_INFINITY),
    ...causes.map((cause) => `  ${printable(String(cause))}`),
  ];
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
