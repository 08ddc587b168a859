import { gcloudCommand } from '../gcloud.ts';
import type { ResolvedTopology } from '../topology.ts';
import type { Finding } from './finding.ts';
import type { LiveAccount } from './live-state.ts';

/** The accounts of the topology's services: there, in force, and without a key file. */
export function compareAccounts(
  live: readonly LiveAccount[],
  { services, project }: ResolvedTopology,
): Finding[] {
  const emails = [...new Set(services.map(({ serviceAccount }) => serviceAccount))];
  return emails.flatMap((email): Finding[] => {
    const where = `service account ${email}`;
    const [id = ''] = email.split('@');
    const command = (...args: string[]) =>
      gcloudCommand(['iam', 'service-accounts', ...args, `--project=${project}`]);
    const account = live.find((candidate) => candidate.email === email);
    if (!account) {
      return [
        {
          severity: 'error',
          code: 'account-missing',
          where,
          what: 'it does not exist',
          why: 'Its service cannot run. One made anew has none of its former roles: deploy again afterwards.',
          mend: [command('create', id)],
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
