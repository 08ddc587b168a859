import type { Chain } from '../deploy/smoke/chain.ts';
import type { ResolvedTopology } from '../deploy/topology.ts';

/** Something that people do to a deployment by mistake. */
export interface Mistake {
  title: string;
  lesson: string;
  /** Arguments of gcloud. */
  args: readonly string[];
  /** Something that shows what has become of it: why to look at it, the command, a part of its answer. */
  trial: { question: string; command: string; answer: string };
  /** What doctor says of it. */
  finding: string;
  notice: string;
}

/** One mistake of each kind: too little permission, a wrong setting, too much permission. */
export function mistakes(
  { caller, receiver }: Chain,
  { project, region }: Pick<ResolvedTopology, 'project' | 'region'>,
): Mistake[] {
  const where = [`--region=${region}`, `--project=${project}`];
  const change = (verb: 'add' | 'remove', member: string) => [
    ...['run', 'services', `${verb}-iam-policy-binding`, receiver.name],
    ...[`--member=${member}`, '--role=roles/run.invoker', ...where],
  ];
  const post = (url: string) =>
    `-H 'content-type: application/json' -d '{"text":"hello"}' ${url}/messages`;
  const message = {
    question: 'What becomes of a message now?',
    command: `curl -sS -H "Authorization: Bearer $(gcloud auth print-identity-token)" \\\n  ${post(caller.url)}`,
  };
  const callerMember = `serviceAccount:${caller.serviceAccount}`;
  const foreign = 'https://example.com';
  return [
    {
      title: 'A mistake: a binding is removed',
      lesson: `Somebody tidies up and takes the ${caller.name}'s role on the ${receiver.name} away. No code
        has changed, and both services are healthy.`,
      args: change('remove', callerMember),
      trial: { ...message, answer: '"upstream":{"status":403,' },
      finding: `service ${receiver.name}: ${callerMember} has no roles/run.invoker`,
      notice: `The ${caller.name} still gets its ID token: proving who one is takes no role. What it lacks is a
        binding, and without one Cloud Run refuses it at the front door, before the ${receiver.name} sees
        anything.`,
    },
    {
      title: 'A mistake: the audience is wrong',
      lesson: `The ${receiver.name} is deployed with the audience of some other service. Every binding is right,
        and Cloud Run itself has no objection.`,
      args: [
        ...['run', 'services', 'update', receiver.name],
        ...[`--update-env-vars=AUDIENCES=${foreign}`, ...where],
      ],
      trial: { ...message, answer: '"upstream":{"status":401,' },
      finding: `service ${receiver.name}: AUDIENCES is ${foreign}, not ${receiver.url}`,
      notice: `IAM let the call pass. It was the ${receiver.name} that refused the token, because it is meant for
        somebody else; the ${caller.name} tried once more with a fresh one, in vain. Here that is a mistake;
        with a token that was stolen from another service, it is what protects this one.`,
    },
    {
      title: `A mistake: the ${receiver.name} is open to everybody`,
      lesson: `"It works if I add allUsers" is how most private services become public. Messages go on as
        before, so that nobody notices.`,
      args: change('add', 'allUsers'),
      trial: {
        question: 'What becomes of a message of a stranger, who has no token?',
        command: `curl -sS ${post(receiver.url)}`,
        answer: '"code":"missing_token"',
      },
      finding: `service ${receiver.name}: anyone on the internet may call it: allUsers has roles/run.invoker`,
      notice: `IAM let the stranger pass. The ${receiver.name} did not: it verifies each token itself, and has its
        own list of callers. Two locks, and one mistake opens one of them.`,
    },
  ];
}
