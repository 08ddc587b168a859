import { z } from 'zod';

/** A text of at most so many bytes in UTF-8, which is how Google counts. */
export function textOf(maxBytes: number) {
  return z
    .string()
    .refine((text) => Buffer.byteLength(text) <= maxBytes, `at most ${maxBytes} bytes in UTF-8`);
}
