/** Milliseconds since the Unix epoch as Cloud Run writes a time: RFC 3339, with microseconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}
