import { z } from 'zod';
import { type Gcloud, readJson } from './gcloud.ts';
import type { DeploymentTarget } from './topology.ts';

/** Nothing can be deployed with what is there; the message says what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

const configuration = z.object({
  core: z.object({ account: z.string().optional() }).prefault({}),
  auth: z.object({ impersonate_service_account: z.string().optional() }).prefault({}),
});

const project = z.object({ projectNumber: z.coerce.string(), lifecycleState: z.string() });

/**
 * E-mail address (or `principal://…`) that gcloud acts as, by its configuration: this asks nobody.
 * @throws {TargetError} if it has no account
 */
export async function activeIdentity(gcloud: Gcloud): Promise<string> {
  const { core, auth } = await readJson(gcloud, ['config', 'list'], configuration);
  // With a chain of them, the last one is who acts.
  const account = auth.impersonate_service_account?.split(',').at(-1) ?? core.account;
  if (account) return account;
  throw new TargetError(
    'gcloud has no account. Log in: gcloud auth login. (With an access token alone, say whose it is: export CLOUDSDK_CORE_ACCOUNT=ada@example.com)',
  );
}

/** The IAM member of an account. With workload identity federation, accounts are members already. */
export function memberOf(account: string): string {
  if (account.startsWith('principal')) return account;
  return `${account.endsWith('.gserviceaccount.com') ? 'serviceAccount' : 'user'}:${account}`;
}

/**
 * Adds the number of the project.
 * @throws {TargetError} if the project is being deleted
 * @throws {GcloudError} if it does not exist, or must not be seen
 */
export async function findTarget(
  gcloud: Gcloud,
  place: Omit<DeploymentTarget, 'projectNumber'>,
): Promise<DeploymentTarget> {
  const found = await readJson(gcloud, ['projects', 'describe', place.project], project);
  if (found.lifecycleState === 'ACTIVE') return { ...place, projectNumber: found.projectNumber };
  throw new TargetError(`The project ${place.project} is being deleted (${found.lifecycleState}).`);
}

/** What a dry run does not know; the shell fills it in. */
export const unknownTarget = {
  projectNumber: `\${PROJECT_NUMBER}`,
  deployer: `\${DEPLOYER}`,
} satisfies Partial<DeploymentTarget>;

/** Names of the variables in {@link unknownTarget}. */
export const targetVariables = ['PROJECT_NUMBER', 'DEPLOYER'];
