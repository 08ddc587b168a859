import { GcloudError, gcloudCommand } from '../gcloud.ts';
import type { Surroundings } from '../run-steps.ts';
import { indented } from '../shell-quote.ts';
import { call, type Request } from './call.ts';
import type { Chain } from './chain.ts';
import { type Check, failed, printCheck } from './check.ts';
import { checkIdentity, checkPublished, checkReceived, type SentMessage } from './check-answers.ts';
import { curlCommand } from './curl-command.ts';
import { describeChain } from './describe-chain.ts';
import { fetchMessage, pullCommand } from './fetch-message.ts';
import { ownTokenCommands, printToken } from './identity-token.ts';
import { judge, type Verdict } from './judge.ts';
import { patiently } from './patiently.ts';
import { checkRefusals } from './refusals.ts';

export interface SmokeTest {
  chain: Chain;
  project: string;
  /** IAM member that gcloud acts as. */
  member: string;
  patienceMs: number;
  /** Nobody has used it before: tells our message from others. */
  id: string;
}

/**
 * Tries a deployment and reports all the way.
 * @returns whether nothing failed
 * @throws {GcloudError} if there is not even a token
 */
export async function runSmoke(
  test: SmokeTest,
  surroundings: Omit<Surroundings, 'signal'> & { send: typeof fetch },
): Promise<boolean> {
  const { chain, project, member, patienceMs, id } = test;
  const { caller, receiver, subscription } = chain;
  const { gcloud, terminal, now, wait, send } = surroundings;
  const { print } = terminal;
  const checks: Check[] = [];
  const report = (check: Check): boolean => {
    printCheck(check, terminal);
    checks.push(check);
    return check.outcome !== 'failed';
  };
  let steps = 0;
  const heading = (text: string) => {
    steps += 1;
    print(`\n${terminal.paint('bold', `${steps}. ${text}`)}`);
  };
  const show = (command: string) => print(terminal.paint('cyan', `  $ ${indented(command, '  ')}`));

  const { token, args } = await printToken(gcloud, ownTokenCommands(member, caller.url));
  const until = now() + patienceMs;
  const callCaller = async (expected: number, path: string, body?: SentMessage) => {
    const request: Request = {
      url: caller.url + path,
      headers: { authorization: `Bearer ${token}` },
      ...(body && { body }),
    };
    show(curlCommand(request, args));
    return await patiently(async () => judge(await call(send, request), expected, chain, member), {
      ...{ until, now, wait, print },
    });
  };
  const answered = (verdict: Verdict, check: (body: unknown) => Check): boolean =>
    report(
      verdict.kind === 'as expected' ? check(verdict.body) : failed(verdict.reason, verdict.advice),
    );

  heading(`Call the ${caller.name}, as you`);
  const identity = await callCaller(200, '/identity');
  const works = answered(identity, (body) => checkIdentity(body, chain));
  if (works) for (const line of describeChain(chain, member)) print(line);

  if (works) {
    heading('Send a message');
    const sent = { text: `smoke test ${id}`, attributes: { smokeTest: id } };
    const published = await callCaller(201, '/messages', sent);
    if (answered(published, (body) => checkPublished(body, chain))) {
      heading(`Fetch it from ${subscription.id}`);
      show(gcloudCommand(pullCommand(subscription.id, project)));
      report(await fetchSent(sent));
    }
  }

  heading(`See the ${receiver.name} refuse`);
  for (const check of await checkRefusals(chain, { member, gcloud, send })) report(check);

  return conclude(checks, terminal);

  async function fetchSent(sent: SentMessage): Promise<Check> {
    try {
      const { message, others } = await fetchMessage(
        subscription.id,
        project,
        ({ attributes }) => attributes.smokeTest === id,
        { gcloud, now, wait },
      );
      if (message) return checkReceived(message, sent, chain);
      return failed(
        `it did not come${others > 0 ? `; ${others} other messages are waiting, and stay there` : ''}`,
        'Does somebody else read this subscription? npm run doctor tells whether it is on its topic.',
      );
    } catch (error) {
      if (!(error instanceof GcloudError)) throw error;
      return failed(
        `the subscription cannot be read: ${error.message}`,
        `${member} needs roles/pubsub.subscriber on it.`,
      );
    }
  }
}

function conclude(checks: readonly Check[], { print, paint }: Surroundings['terminal']): boolean {
  const count = (outcome: Check['outcome']) =>
    checks.filter((check) => check.outcome === outcome).length;
  const unproven = count('unproven');
  const rest = unproven > 0 ? `, ${unproven} not proven` : '';
  if (count('failed') > 0) {
    print(paint(['red', 'bold'], `\n${count('failed')} of ${checks.length} checks failed${rest}.`));
    return false;
  }
  print(paint(['green', 'bold'], `\nIt works: ${count('passed')} checks passed${rest}.`));
  return true;
}
