import { z } from 'zod';
import { invalidArgument } from '../network/api-error.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestMethod } from '../rest/rest-api.ts';
import { delegatesSchema } from './delegates.ts';
import { type CredentialServices, credentialsPath, requireTarget } from './target-account.ts';

const schema = z.strictObject({
  delegates: delegatesSchema,
  scope: z.array(z.string()).default([]),
  lifetime: z.string().nullish(),
});
const longestLifetimeSeconds = 3600;

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
export function generateAccessToken(services: CredentialServices): RestMethod {
  return {
    name: 'google.iam.credentials.v1.IAMCredentials.GenerateAccessToken',
    verb: 'POST',
    path: `${credentialsPath}:generateAccessToken`,
    handle(call) {
      const { delegates, scope, lifetime } = parseBody(schema, call.body);
      const permission = 'iam.serviceAccounts.getAccessToken';
      const action = 'GenerateAccessToken';
      const { email, uniqueId } = requireTarget(services, call, { delegates, permission, action });
      if (scope.length === 0) throw invalidArgument('At least one scope is required.');
      const lifetimeSeconds = secondsIn(lifetime ?? `${longestLifetimeSeconds}s`);
      const { token, expiresAtMs } = services.accessTokens.issue(`serviceAccount:${email}`, {
        scopes: scope,
        lifetimeSeconds,
        uniqueId,
      });
      const expireTime = new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z');
      return { accessToken: token, expireTime };
    },
  };
}

/** Of a duration in JSON: https://protobuf.dev/programming-guides/json */
function secondsIn(lifetime: string): number {
  const [, digits] = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(lifetime) ?? [];
  const seconds = Number(digits);
  if (seconds > 0 && seconds <= longestLifetimeSeconds) return seconds;
  throw invalidArgument(
    `Invalid lifetime ${lifetime}. Use seconds, at most ${longestLifetimeSeconds}s.`,
  );
}
