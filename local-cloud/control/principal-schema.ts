import { z } from 'zod';
import type { Principal } from '../iam/access.ts';
import { formatMember, parseMember } from '../iam/members.ts';
import type { TokenHolder } from '../tokens/access-tokens.ts';

/** Someone who can hold a token; comes out in IAM's spelling. */
export const tokenHolderSchema = z.string().transform((text, context): TokenHolder => {
  const holder = asTokenHolder(text);
  if (holder) return holder;
  const message = 'expected user: or serviceAccount: with an e-mail address';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** The same, or `anonymous`. */
export const principalSchema = z.string().transform((text, context): Principal => {
  const principal = text === 'anonymous' ? text : asTokenHolder(text);
  if (principal) return principal;
  const message = 'expected user: or serviceAccount: with an e-mail address, or anonymous';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function asTokenHolder(text: string): TokenHolder | undefined {
  const member = parseMember(text);
  const isHolder = member?.kind === 'user' || member?.kind === 'serviceAccount';
  return isHolder ? (formatMember(member) as TokenHolder) : undefined;
}
