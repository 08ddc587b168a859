import { padEnd } from './display-width.ts';
import { type Paint, plain } from './paint.ts';
import { printable } from './printable.ts';

/** A line that a service wrote, after the service's name; `width` is that of the longest name. */
export function logLine(
  service: string,
  line: string,
  width: number,
  paint: Paint = plain,
): string {
  const prefix = paint('dim', `${padEnd(printable(service), width)} │`);
  return `${prefix} ${printable(line, Number.POSITIVE_INFINITY)}`;
}
