import { gcloudCommand } from '../gcloud.ts';
import { createAccount } from '../plan/create-account.ts';
import { usersBy } from '../plan/deployment-plan.ts';
import { projectFlag } from '../plan/step.ts';
import type { ResolvedTopology } from '../topology.ts';
import type { Finding } from './finding.ts';
import type { LiveAccount } from './live-state.ts';

/** The accounts of the topology's services: there, in force, and without a key file. */
export function compareAccounts(
  live: readonly LiveAccount[],
  topology: ResolvedTopology,
): Finding[] {
  return usersBy(topology.services, 'serviceAccount').flatMap(([email, users]): Finding[] => {
    const where = `service account ${email}`;
    const command = (...args: string[]) =>
      gcloudCommand(['iam', 'service-accounts', ...args, projectFlag(topology)]);
    const account = live.find((candidate) => candidate.email === email);
    if (!account) {
      return [
        {
          severity: 'error',
          code: 'account-missing',
          where,
          what: 'it does not exist',
          why: 'Its service cannot run. One made anew has none of its former roles: deploy again afterwards.',
          mend: [gcloudCommand(createAccount(email, users, topology).args)],
        },
      ];
    }
    const findings: Finding[] = (account.keys ?? []).map((key) => ({
      severity: 'error',
      code: 'account-key',
      where,
      what: `there is a key file of it: ${key}`,
      why: 'Whoever has that file is this account, from anywhere, until the key is deleted. On Cloud Run nobody needs one.',
      mend: [command('keys', 'delete', key, `--iam-account=${email}`)],
    }));
    if (account.disabled) {
      findings.push({
        severity: 'error',
        code: 'account-disabled',
        where,
        what: 'it is disabled',
        why: 'Google gives it no tokens: its service can call nobody.',
        mend: [command('enable', email)],
      });
    }
    return findings;
  });
}
