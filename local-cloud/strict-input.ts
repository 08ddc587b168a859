import { z } from 'zod';

/** An object of a request that takes these keys and no others, and names them when it meets others. */
export function strictInput<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `Unknown: ${issue.keys?.join(', ')}. Allowed: ${Object.keys(shape).join(', ') || 'nothing'}`
        : undefined,
  });
}
