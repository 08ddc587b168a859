import { expect } from 'vitest';
import type { Answer } from './answers.ts';
import { frontDoorChallenge, type Outcome, type Verdict } from './verdicts.ts';

/**
 * Expects that an answer is the one that the attack has to get, and that it is a safe one.
 *
 * @throws the assertion that does not hold
 */
export function judge(answer: Answer | undefined, expected: Outcome): void {
  if ('page' in expected) judgePage(answer, expected.page);
  else judgeProblem(answer, expected);
}

/** RFC 9457, RFC 6750 section 3, and the headers that every answer of the services carries. */
function judgeProblem(answer: Answer | undefined, expected: Verdict) {
  const { headers = {} } = answer ?? {};
  const document = headers['content-type']?.startsWith('application/problem+json')
    ? JSON.parse(answer?.body || 'null')
    : undefined;
  const { status, code, challenge } = expected;
  expect({
    status: answer?.status,
    code: document?.code ?? answer?.body,
    inBody: document?.status,
    challenge: headers['www-authenticate'],
    caching: headers['cache-control'],
    sniffing: headers['x-content-type-options'],
    software: headers['x-powered-by'] ?? headers.server,
  }).toEqual({
    status,
    code,
    inBody: status,
    challenge,
    caching: 'no-store',
    sniffing: 'nosniff',
    software: undefined,
  });
}

function judgePage(answer: Answer | undefined, status: number): void {
  expect({
    status: answer?.status,
    isProblem: answer?.headers['content-type']?.includes('json') ?? false,
    challenge: answer?.headers['www-authenticate'],
    software: answer?.headers['x-powered-by'],
  }).toEqual({
    status,
    isProblem: false,
    challenge: status === 401 ? frontDoorChallenge : undefined,
    software: undefined,
  });
}
