/** Milliseconds since the Unix epoch as Google's APIs write a time: RFC 3339, with microseconds. */
export function rfc3339(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}
