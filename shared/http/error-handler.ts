import type { ErrorRequestHandler, RequestHandler } from 'express';
import { IdentityError } from '../identity/identity-error.ts';
import { withoutTokens } from '../logger.ts';
import { Problem, problemDocument } from './problem.ts';
import { contextOf } from './request-context.ts';

/** Answers what no route took. */
export const notFound: RequestHandler = () => {
  throw new Problem(
    'not_found',
    'There is nothing here. GET /openapi.json of the caller lists all.',
  );
};

/** Answers other methods on a path that exists, with `Allow` (RFC 9110 section 15.5.6). */
export function onlyMethods(...methods: string[]): RequestHandler {
  const allow = methods.join(', ');
  return (request) => {
    throw new Problem('method_not_allowed', `${request.path} takes ${allow}.`, {
      headers: { Allow: allow },
    });
  };
}

/**
 * Turns every error into `application/problem+json`. What was not foreseen is answered with 500 and
 * not a word of its message, which goes to the log.
 */
export const errorHandler: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const problem = toProblem(error);
  const { code, status } = problem;
  contextOf(response).failure = { code, ...(status >= 500 && { reason: reasons(error) }) };
  if (response.headersSent) {
    // The answer has begun: only breaking the connection tells the client that it is not whole.
    next(error);
    return;
  }
  response
    .status(status)
    .set({ ...problem.headers })
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(problem)));
};

function toProblem(error: unknown): Problem | IdentityError {
  if (error instanceof Problem || error instanceof IdentityError) return error;
  return new Problem('internal', 'Something went wrong here. The log has the details.');
}

/** An error and its causes, for the log; the messages of some libraries quote tokens. */
function reasons(error: unknown): string[] {
  const found: string[] = [];
  for (let cause = error; cause instanceof Error && found.length < 5; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    const name = code === undefined ? cause.name : `${cause.name} ${String(code)}`;
    found.push(withoutTokens(`${name}: ${cause.message}`));
  }
  return found;
}
