import { z } from 'zod';
import type { Failure } from './receiver-failure.ts';

/** No answer of the receiver is larger; more is not read. */
const largestAnswer = 64 * 1024;

const problemSchema = z.object({
  code: z.string().max(100),
  detail: z.string().max(1_000).optional(),
});

/**
 * Reads an answer of the receiver, or of what stands in front of it, to its end.
 *
 * @throws what the connection throws when it breaks before the end
 */
export async function readAnswer<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<{ value: z.output<Schema> } | { failure: Failure }> {
  const { status, headers } = response;
  const body = parse(await readText(response));
  if (response.ok) {
    const result = schema.safeParse(body);
    return result.success ? { value: result.data } : { failure: { kind: 'nonsense', status } };
  }
  const isProblem = /^application\/problem\+json\b/i.test(headers.get('content-type') ?? '');
  const problem = isProblem ? problemSchema.safeParse(body).data : undefined;
  const retryAfter = /^\d{1,5}$/.exec(headers.get('retry-after') ?? '')?.[0];
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

/** The text, or an empty one if it is too large to be an answer of ours. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestAnswer) return '';
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
