import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** One thing that is wrong with a request. */
export interface InputFault {
  /** Of the field, `http.host`; empty for the whole of it. */
  path: string;
  /** What is wrong, or what is allowed. */
  detail: string;
  /** What there is to choose from. */
  allowed?: readonly string[];
}

/** A request that the control API refuses; everything in it is for the client to read. */
export class ControlProblem extends Error {
  override readonly name = 'ControlProblem';
  readonly status: number;
  readonly errors: readonly InputFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: { errors?: readonly InputFault[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** Fields that cannot be used, all of them. */
export function invalidInput(errors: readonly InputFault[]): ControlProblem {
  const sentences = errors.map(({ path, detail }) => (path === '' ? detail : `${path}: ${detail}`));
  return new ControlProblem(422, sentences.join('; '), { errors });
}

/** RFC 9457, section 3. */
export const problemSchema = z.object({
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(
      z.object({
        path: z.string(),
        detail: z.string(),
        allowed: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

/** Answers with a refusal. */
export function sendProblem(response: ServerResponse, problem: ControlProblem): void {
  const { status, message: detail, errors, headers } = problem;
  const title = STATUS_CODES[status] ?? 'Error';
  const body = { title, status, detail, ...(errors.length > 0 && { errors }) };
  response.writeHead(status, { ...headers, 'content-type': 'application/problem+json' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
