import * as z from 'zod';
import type { Answer } from './http-exchange.ts';
import type { Failure } from './receiver-failure.ts';

const problemSchema = z.object({
  code: z.string().max(100),
  detail: z.string().max(1_000).optional(),
});

/** What an answer of the receiver, or of what stands in front of it, means. */
export function interpretAnswer<Schema extends z.ZodType>(
  answer: Answer,
  schema: Schema,
): { value: z.output<Schema> } | { failure: Failure } {
  const { status, headers } = answer;
  const body = parse(answer.body);
  if (status >= 200 && status < 300) {
    const result = schema.safeParse(body);
    return result.success ? { value: result.data } : { failure: { kind: 'nonsense', status } };
  }
  const isProblem = /^application\/problem\+json\b/i.test(String(headers['content-type']));
  const problem = isProblem ? problemSchema.safeParse(body).data : undefined;
  const retryAfter = /^\d{1,5}$/.exec(String(headers['retry-after']))?.[0];
  return {
    failure: {
      kind: 'answered',
      status,
      code: problem?.code,
      detail: problem?.detail,
      retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
