import { type Gcloud, GcloudError, gcloudCommand } from '../gcloud.ts';
import type { ResolvedService } from '../topology.ts';
import { type Answer, call, problemOf } from './call.ts';
import type { Chain } from './chain.ts';
import { type Check, failed, passed, unproven } from './check.ts';
import { borrowedTokenCommand, ownTokenCommands, printToken } from './identity-token.ts';

/** An audience that no service has: https://www.rfc-editor.org/rfc/rfc6761#section-6.4 */
const foreignAudience = 'https://another-service.invalid';

/** Who asks, with what. */
export interface Asker {
  /** IAM member. */
  member: string;
  gcloud: Gcloud;
  send: typeof fetch;
}

/** That the receiver refuses whom it must refuse. */
export async function checkRefusals(chain: Chain, asker: Asker): Promise<Check[]> {
  const { receiver } = chain;
  const { member, gcloud, send } = asker;
  const ask = (token?: string) =>
    call(send, { url: `${receiver.url}/identity`, headers: token ? bothHeaders(token) : {} });

  const own = await printToken(gcloud, ownTokenCommands(member, receiver.url));
  const toUser = await ask(own.token);
  const checks = [
    judgeRefusal(toUser, receiver, `you (${member})`),
    judgeRefusal(await ask(), receiver, 'a call without a token'),
  ];

  const audience = 'a token for another audience';
  // Let in by IAM, a person's token, whose audience is gcloud itself, has already shown it.
  if (
    toUser.status === 401 &&
    toUser.by === 'service' &&
    problemOf(toUser).code === 'token_audience'
  ) {
    return [...checks, passed(`the ${receiver.name} refuses ${audience}: yours was one (401)`)];
  }
  const isAccount = member.startsWith('serviceAccount:');
  const commands = isAccount
    ? ownTokenCommands(member, foreignAudience)
    : [borrowedTokenCommand(chain.caller.serviceAccount, foreignAudience)];
  try {
    const { token } = await printToken(gcloud, commands);
    return [...checks, judgeAudience(await ask(token), receiver, audience)];
  } catch (error) {
    if (!(error instanceof GcloudError)) throw error;
    return [...checks, notProvable(chain, audience)];
  }
}

/** As the caller sends its own: the front door checks the first and leaves the second whole. */
function bothHeaders(token: string) {
  return { 'x-serverless-authorization': `Bearer ${token}`, authorization: `Bearer ${token}` };
}

function judgeRefusal(
  answer: Awaited<ReturnType<typeof call>>,
  receiver: ResolvedService,
  whom: string,
): Check {
  const { name } = receiver;
  const doctor = 'npm run doctor tells which binding is too much.';
  if (answer.status === undefined) {
    return failed(`whether the ${name} refuses ${whom} is not known: ${answer.reason}`, doctor);
  }
  const { status, by } = answer;
  if (status < 300) return failed(`the ${name} lets in ${whom} (${status})`, doctor);
  if (by === 'front door') {
    if (status === 403) return passed(`the ${name} refuses ${whom}: IAM, at the front door (403)`);
    if (status === 404 && receiver.ingress !== 'all') {
      return passed(`the ${name} refuses ${whom}: nothing comes in from here (404)`);
    }
    return failed(
      `the ${name}'s front door answered ${whom} with ${status}, not 403`,
      'Is it deployed, and ready? npm run doctor tells.',
    );
  }
  return judgeOwnRefusal(answer, receiver, whom);
}

/** The front door has let the call pass; the service itself has answered. */
function judgeOwnRefusal(answer: Answer, { name, invokers }: ResolvedService, whom: string): Check {
  const { status } = answer;
  const { code } = problemOf(answer);
  if (status !== 401 && status !== 403) {
    return failed(`the ${name} answered ${whom} with ${status} ${code}`, 'Its log tells more.');
  }
  if (code === 'missing_token' && !invokers.includes('allUsers')) {
    return failed(
      `IAM lets everybody call the ${name}; only its own code has refused ${whom} (${status})`,
      'Is it public? npm run doctor tells.',
    );
  }
  return passed(
    `the ${name} refuses ${whom}: IAM lets it pass (an owner, editor or Cloud Run admin?), its own code does not (${status} ${code})`,
  );
}

function judgeAudience(
  answer: Awaited<ReturnType<typeof call>>,
  { name }: ResolvedService,
  audience: string,
): Check {
  if (answer.status === 401) {
    const who = answer.by === 'service' ? 'its own code' : 'the front door';
    return passed(`the ${name} refuses ${audience}: ${who} (401)`);
  }
  return failed(
    `the ${name} answered ${audience} with ${answer.status ?? answer.reason}, not 401`,
    'npm run doctor tells whether its audiences are right.',
  );
}

function notProvable({ caller, receiver }: Chain, audience: string): Check {
  const command = gcloudCommand(borrowedTokenCommand(caller.serviceAccount, foreignAudience));
  return unproven(
    `not proven with what you may do: that the ${receiver.name} refuses ${audience}`,
    `It takes roles/iam.serviceAccountTokenCreator on the ${caller.name}'s account, which nobody should hold for long. With it, this test makes such a token:\n$ ${command.replaceAll('\n', '\n  ')}`,
  );
}
