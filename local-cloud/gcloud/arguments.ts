import { UsageError } from '../command-line.ts';
import type { State } from '../state-file.ts';

/** A command line: whom to be, if not the developer, and what gcloud gets to see. */
export interface GcloudArguments {
  as: string | undefined;
  gcloud: readonly string[];
}

/**
 * Takes `--as` off the front. gcloud has no flag of that name; behind a command it would be one of
 * gcloud's own arguments, so it is refused there rather than the command run as the wrong principal.
 *
 * @throws {UsageError}
 */
export function splitArguments(args: readonly string[]): GcloudArguments {
  const [first, ...rest] = args;
  const inline = /^--as=(.*)$/s.exec(first ?? '')?.[1];
  const [as, ...gcloud] =
    first === '--as'
      ? [rest[0] ?? '', ...rest.slice(1)]
      : [inline, ...(inline === undefined ? args : rest)];
  if (as === '') throw new UsageError('--as needs a principal, for example --as caller');
  // What follows -- is for a program that gcloud starts.
  const end = gcloud.indexOf('--');
  const own = end < 0 ? gcloud : gcloud.slice(0, end);
  if (own.some((argument) => /^--as(?:=|$)/.test(String(argument)))) {
    throw new UsageError(
      '--as goes once, before what gcloud shall do: npm run gcloud -- --as caller pubsub topics list',
    );
  }
  // It would open Google's own page, and wait for an answer that cannot come.
  if (own[0] === 'auth' && own[1] === 'login') {
    throw new UsageError(
      'You are signed in already: npm run gcloud is the developer of the local cloud, or, with --as, whoever you like.',
    );
  }
  return { as, gcloud };
}

/**
 * The IAM member that `--as` names: itself, or the account of a service.
 *
 * @throws {UsageError}
 */
export function memberOf(as: string, services: State['services']): string {
  if (as.includes(':')) return as;
  const service = Object.hasOwn(services, as) ? services[as] : undefined;
  if (service) return `serviceAccount:${service.serviceAccount}`;
  const names = Object.keys(services).join(', ');
  throw new UsageError(
    `--as ${as} is nobody: it takes serviceAccount:… or user:… with an e-mail address, or a service (${names}).`,
  );
}
