import type { Principal } from '../iam/access.ts';
import type { AccountStates } from '../iam/service-accounts.ts';
import { gcloudClientId } from '../tokens/id-tokens.ts';
import { type Credential, displayName } from './credential.ts';
import { removedSignature } from './removed-signature.ts';

/** The claims that the front door looks at, https://developers.google.com/identity/openid-connect */
export interface IdTokenClaims {
  iss: string;
  aud: string;
  /** The account's unique id. */
  sub: string;
  email?: string | undefined;
  email_verified?: boolean | undefined;
  /** Seconds since the Unix epoch. */
  iat: number;
  /** Seconds since the Unix epoch. */
  exp: number;
}

/** Checks signature, issuer and times of an ID token, not its audience. */
export interface IdTokenVerifier {
  /** The reason of a refusal must not contain any of the token. */
  verify(
    token: string,
  ): Promise<{ ok: true; claims: IdTokenClaims } | { ok: false; reason: string }>;
}

/** The service accounts that there are and were. */
export interface KnownAccounts extends AccountStates {
  byUniqueId(uniqueId: string): { email: string } | undefined;
}

/** What the front door needs to know to tell who is asking. */
export interface AuthenticationContext {
  idTokens: IdTokenVerifier;
  accounts: KnownAccounts;
  /** Name of the service, for the reason. */
  service: string;
  /** Audiences that the service accepts of everybody. */
  audiences: readonly string[];
}

export type Authentication =
  | { ok: true; principal: Exclude<Principal, 'anonymous'>; claims: IdTokenClaims }
  | {
      ok: false;
      reason: string;
      /** Whose genuine token it is, where only the audience is wrong, or the account is another one now. */
      principal?: Exclude<Principal, 'anonymous'>;
      account?: 'deleted';
    };

/** What a verifier's word for a fault means; a word that is not here is shown as it is. */
const faults: Readonly<Record<string, string>> = {
  malformed: 'it is no JWT signed with RS256',
  'bad-signature': 'no key that Google signs with has made its signature',
  'wrong-issuer': 'its iss is not https://accounts.google.com',
  'missing-claims': 'a claim that every ID token of Google has is missing or of a wrong type',
  'not-yet-valid': 'it is from the future',
  expired: 'it has expired; fetch a new one',
};

/** The commonest bad signature: a service sends on the token that it was called with. */
const withoutSignature =
  'its signature was removed by Google, so it was made for another call; fetch one for this call';

/** Tells who a token stands for, or exactly why it stands for nobody at this service. */
export async function authenticate(
  credential: Extract<Credential, { kind: 'token' }>,
  context: AuthenticationContext,
): Promise<Authentication> {
  const where = `the token in ${displayName(credential.header)}`;
  const verified = await context.idTokens.verify(credential.token);
  if (!verified.ok) {
    const fault = credential.token.endsWith(`.${removedSignature}`)
      ? withoutSignature
      : (faults[verified.reason] ?? verified.reason);
    return refuse(`${where} is not valid: ${fault}`);
  }

  const { claims } = verified;
  // A token of a service account may come without its e-mail (metadata server, format=standard).
  const email = (claims.email ?? context.accounts.byUniqueId(claims.sub)?.email)?.toLowerCase();
  if (email === undefined) {
    return refuse(`${where} names no e-mail address, and no service account has its sub`);
  }
  const isServiceAccount = email.endsWith('.gserviceaccount.com');
  if (!isServiceAccount && claims.email_verified !== true) {
    return refuse(`${where} is of ${email}, an e-mail address that is not verified`);
  }
  const principal = `${isServiceAccount ? 'serviceAccount' : 'user'}:${email}` as const;
  // gcloud makes tokens for its own client id, and Cloud Run accepts them of people [O].
  const accepted = isServiceAccount ? context.audiences : [...context.audiences, gcloudClientId];
  if (!accepted.includes(claims.aud)) {
    const expected = context.audiences.map((audience) => JSON.stringify(audience)).join(' or ');
    return {
      ok: false,
      principal,
      reason: `${where} was made for the audience ${JSON.stringify(claims.aud)}, but ${context.service} accepts only ${expected}`,
    };
  }
  // IAM goes by the address, and sees by itself that the account of this address cannot act.
  const { accounts } = context;
  const isOfEarlierAccount =
    accounts.stateOf(principal, claims.sub) === 'deleted' &&
    accounts.stateOf(principal) !== 'deleted';
  if (isOfEarlierAccount) {
    const reason = `${where} is of an earlier account ${principal}, which was deleted: the account of that name is another one now; fetch a new token`;
    return { ok: false, account: 'deleted', principal, reason };
  }
  return { ok: true, principal, claims };
}

function refuse(reason: string): Authentication {
  return { ok: false, reason };
}
