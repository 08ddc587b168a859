import { CompactSign } from 'jose';
import { z } from 'zod';
import { invalidArgument } from '../network/api-error.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestMethod } from '../rest/rest-api.ts';
import { delegatesSchema } from './delegates.ts';
import { type CredentialServices, credentialsPath, requireTarget } from './target-account.ts';

const schema = z.strictObject({ delegates: delegatesSchema, payload: z.string().default('') });
const longestLifeSeconds = 12 * 3600;

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt */
export function signJwt(services: CredentialServices): RestMethod {
  return {
    name: 'google.iam.credentials.v1.IAMCredentials.SignJwt',
    verb: 'POST',
    path: `${credentialsPath}:signJwt`,
    async handle(call) {
      const { delegates, payload } = parseBody(schema, call.body);
      const permission = 'iam.serviceAccounts.signJwt';
      const account = requireTarget(services, call, { delegates, permission, action: 'SignJwt' });
      checkClaims(payload, Math.floor(services.clock.now() / 1000));
      const { kid, privateKey } = await services.accountKeys.signingKey(account);
      const signedJwt = await new CompactSign(Buffer.from(payload))
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .sign(privateKey);
      return { keyId: kid, signedJwt };
    },
  };
}

/** The payload is signed as it is; of its claims Google looks at `exp` only. */
function checkClaims(payload: string, nowSeconds: number): void {
  const claims = parseObject(payload);
  if (!claims) throw invalidArgument('The payload must be a JSON object, written as a string.');
  const { exp } = claims;
  if (exp === undefined) return;
  const left = Number.isSafeInteger(exp) ? Number(exp) - nowSeconds : Number.NaN;
  if (left >= 0 && left <= longestLifeSeconds) return;
  throw invalidArgument(
    'The exp of the payload must be in whole seconds, not in the past and at most 12 hours ahead.',
  );
}

function parseObject(json: string): { exp?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
