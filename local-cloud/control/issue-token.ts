import { z } from 'zod';
import type { AccountState } from '../iam/service-accounts.ts';
import { strictInput } from '../strict-input.ts';
import type { TokenHolder } from '../tokens/access-tokens.ts';
import { invalidInput } from './control-problem.ts';
import type { ControlServices } from './control-services.ts';
import { tokenHolderSchema } from './principal-schema.ts';
import { route } from './route.ts';

type Services = Pick<ControlServices, 'accessTokens' | 'accounts' | 'clock' | 'topology'>;

/** Why an account gets no token. */
const refusals: Partial<Record<AccountState, string>> = {
  disabled: 'is disabled',
  deleted: 'was deleted',
  absent: 'does not exist',
};

/** Lends the identity of anybody: that is why it needs the key. */
export function issueToken(services: Services) {
  const { accessTokens, clock, topology } = services;
  return route({
    method: 'POST',
    path: '/api/tokens',
    summary: 'An access token of any principal, for npm run gcloud -- --as',
    needsKey: true,
    body: strictInput({
      principal: tokenHolderSchema.meta({
        description: 'user:… or serviceAccount:… with an e-mail address',
      }),
    }),
    answer: z.object({ accessToken: z.string(), expiresInSeconds: z.int() }),
    example: { body: { principal: topology.deployer } },
    handle: ({ body: { principal } }) => {
      const uniqueId = uniqueIdOf(principal, services);
      const issued = accessTokens.issue(principal, { ...(uniqueId !== undefined && { uniqueId }) });
      const expiresInSeconds = Math.floor((issued.expiresAtMs - clock.now()) / 1000);
      return { accessToken: issued.token, expiresInSeconds };
    },
  });
}

/** `undefined` for people and for accounts of other projects. @throws {ControlProblem} 422 */
function uniqueIdOf(principal: TokenHolder, { accounts, topology }: Services): string | undefined {
  const refusal = refusals[accounts.stateOf(principal)];
  const [kind, email = ''] = principal.split(':');
  if (refusal !== undefined) {
    const allowed = accounts.list(topology.project).map((account) => account.email);
    const detail = `the service account ${email} ${refusal}`;
    throw invalidInput([{ path: 'principal', detail, allowed }]);
  }
  return kind === 'serviceAccount' ? accounts.current(email)?.uniqueId : undefined;
}
