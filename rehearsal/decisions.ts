import type { DecisionEvent } from '../local-cloud/iam/decision-log.ts';
import { arrowLine } from '../local-cloud/terminal/arrow-line.ts';
import type { Scene } from './stage.ts';

/** The steps on the way of a message, in the words of the local cloud. */
const stepsOfMessage = ['POST /messages', 'Publish'];

/**
 * Does something that sends a message, and shows what IAM has decided on its way.
 * @returns those decisions
 */
export async function showDecisions(
  { cloud, terminal }: Pick<Scene, 'cloud' | 'terminal'>,
  send: () => Promise<unknown>,
): Promise<DecisionEvent[]> {
  const { print, paint } = terminal;
  const before = cloud.decisions.since(0).at(-1)?.sequence ?? 0;
  await send();
  const events = cloud.decisions
    .since(before)
    .filter(({ action }) => stepsOfMessage.includes(action));
  print("\n  What IAM decided on the message's way:");
  for (const { decision, ...event } of events) {
    // What would mend a refusal is doctor's part here.
    const shown = decision.allowed ? decision : { ...decision, remedy: undefined };
    print(`  ${arrowLine({ ...event, decision: shown }, paint).replaceAll('\n', '\n  ')}`);
  }
  return events;
}
