import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type * as z from 'zod';
import { idempotencyKeySchema, type Message, messageSchema } from '../message.ts';
import { Problem } from './problem.ts';

/** The header that lets a client say "this is the same message again". */
export const idempotencyKeyHeader = 'idempotency-key';

/**
 * The message in a request's parsed body.
 *
 * @throws {Problem} `invalid_message` (422) with every fault and its JSON pointer (RFC 6901).
 */
export function messageOf(request: Pick<Request, 'body'>): Message {
  const result = messageSchema.safeParse(request.body);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(faults);
  throw new Problem('invalid_message', 'The message has faults; errors lists them.', {
    members: { errors },
  });
}

/**
 * The request's `Idempotency-Key`, or a new one.
 *
 * @throws {Problem} `invalid_idempotency_key` (400) for an unusable key, or several.
 */
export function idempotencyKeyOf(request: Pick<Request, 'headersDistinct'>): string {
  const [key, ...others] = request.headersDistinct[idempotencyKeyHeader] ?? [];
  if (key === undefined) return randomUUID();
  const result = idempotencyKeySchema.safeParse(key);
  if (!result.success || others.length > 0) {
    const detail = 'Send one Idempotency-Key of 1 to 255 visible ASCII characters, or none.';
    throw new Problem('invalid_idempotency_key', detail);
  }
  return result.data;
}

function faults(issue: z.core.$ZodIssue): { pointer: string; detail: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...issue.path, key]),
      detail: 'This member is not known.',
    }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ pointer: pointer(issue.path), detail: message }));
  }
  return [{ pointer: pointer(issue.path), detail: issue.message }];
}

function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
