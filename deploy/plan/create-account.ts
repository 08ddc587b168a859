import { z } from 'zod';
import { madeHereText } from './made-here.ts';
import { type Place, projectFlag, type Step } from './step.ts';

const account = z.object({ disabled: z.boolean().default(false) });

/** `services` are the names of those that run as the account `email`. */
export function createAccount(email: string, services: readonly string[], place: Place): Step {
  const names = services.join(' and ');
  return {
    group: 'accounts',
    subjects: services,
    title: `Make the account of ${names}: ${email}`,
    why: 'It begins without a role. The default compute account, often an editor of everything, is unused.',
    check: {
      args: ['iam', 'service-accounts', 'describe', email, projectFlag(place)],
      isDone: (answer) => account.safeParse(answer).data?.disabled === false,
    },
    args: [
      ...['iam', 'service-accounts', 'create', email.slice(0, email.indexOf('@'))],
      ...[`--display-name=Runs ${names} on Cloud Run`, `--description=${madeHereText}`],
      projectFlag(place),
    ],
  };
}
