import { type Gcloud, GcloudError } from '../gcloud.ts';

const print = ['auth', 'print-identity-token'];

/**
 * Arguments of gcloud that print an ID token of whom it acts as, the best first. A person's token has
 * gcloud itself as its audience, which Cloud Run accepts of people; an account's needs the service's.
 */
export function ownTokenCommands(member: string, audience: string): string[][] {
  const [kind, email = ''] = member.split(':');
  if (kind !== 'serviceAccount') return [[...print]];
  // Borrowed identities (also those of workload identity federation) need the first, key files the second.
  return [borrowedTokenCommand(email, audience), [...print, `--audiences=${audience}`]];
}

/** An ID token of a service account, for whoever may make them. */
export function borrowedTokenCommand(email: string, audience: string): string[] {
  const whose = `--impersonate-service-account=${email}`;
  return [...print, whose, `--audiences=${audience}`, '--include-email'];
}

/** A token, and the command that printed it. */
export interface PrintedToken {
  token: string;
  args: readonly string[];
}

/** The first of `commands` that succeeds. @throws {GcloudError} of the last one */
export async function printToken(
  gcloud: Gcloud,
  commands: readonly (readonly string[])[],
): Promise<PrintedToken> {
  let failure: unknown;
  for (const args of commands) {
    try {
      return { token: (await gcloud(args)).trim(), args };
    } catch (error) {
      if (!(error instanceof GcloudError)) throw error;
      failure = error;
    }
  }
  throw failure;
}
