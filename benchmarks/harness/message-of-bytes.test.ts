import { expect, it } from 'vitest';
import { messageSchema } from '../../shared/message.ts';
import { messageOfBytes } from './message-of-bytes.ts';

it.each([100, 1_000, 10_000, 60_000])('%i bytes that the services take', (bytes) => {
  const message = messageOfBytes(bytes);
  expect(Buffer.byteLength(message)).toBe(bytes);
  expect(messageSchema.safeParse(JSON.parse(message)).success).toBe(true);
});

it('refuses a size that no message has', () => {
  expect(() => messageOfBytes(5)).toThrow(RangeError);
});
