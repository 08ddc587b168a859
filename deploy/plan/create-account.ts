import { z } from 'zod';
import { type Place, projectFlag, type Step } from './step.ts';

const account = z.object({ disabled: z.boolean().default(false) });

/** `services` are the names of those that run as the account `email`. */
export function createAccount(email: string, services: readonly string[], place: Place): Step {
  const names = services.join(' and ');
  return {
    group: 'accounts',
    subjects: services,
    title: `Make the account of ${names}: ${email}`,
    why: 'It is born without any role. The default compute account, which may often do everything, is not used.',
    check: {
      args: ['iam', 'service-accounts', 'describe', email, projectFlag(place)],
      isDone: (answer) => account.safeParse(answer).data?.disabled === false,
    },
    args: [
      ...['iam', 'service-accounts', 'create', email.slice(0, email.indexOf('@'))],
      ...[`--display-name=Runs ${names} on Cloud Run`, projectFlag(place)],
    ],
  };
}
