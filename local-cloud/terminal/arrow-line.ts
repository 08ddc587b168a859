import type { Decision } from '../iam/access.ts';
import type { DecisionEvent } from '../iam/decision-log.ts';
import { describeResource } from '../iam/resource-names.ts';
import { type Paint, plain } from './paint.ts';
import { printable } from './printable.ts';

const indent = '    ';
/** Enough for two URLs and a command; an audience in a reason may be of any length. */
const longestSentence = 1000;

/** What a subscriber's client library does all the time by itself. */
const upkeep = new Set(['Acknowledge', 'ModifyAckDeadline']);

/** Whether a decision tells a person anything: every refusal does, routine that was allowed does not. */
export function isWorthShowing({ action, decision }: DecisionEvent): boolean {
  return !decision.allowed || !upkeep.has(action);
}

/**
 * A decision for the terminal: who → what, what was tried, and why it was allowed. A refusal has a
 * second line with the reason and, where a binding would help, a third with the command to grant it.
 */
export function arrowLine({ action, decision }: DecisionEvent, paint: Paint = plain): string {
  const { allowed, principal, resource, reason } = decision;
  const arrow = `${printable(principal)} → ${printable(describeResource(resource))}`;
  const tried = paint('dim', printable(action));
  if (allowed) {
    return `${paint('green', '✓')} ${arrow}  ${tried}   ${paint('dim', printable(grant(decision)))}`;
  }
  return [
    `${paint('red', '✗')} ${arrow}  ${tried}   ${paint('red', 'refused')}`,
    `${indent}${paint('yellow', printable(reason, longestSentence))}`,
    ...(decision.remedy
      ? [`${indent}${paint('cyan', printable(decision.remedy, longestSentence))}`]
      : []),
  ].join('\n');
}

/** `roles/run.invoker on caller`, and to whom it is bound where that is not the principal itself. */
function grant({ principal, grantedBy }: Extract<Decision, { allowed: true }>): string {
  const { role, resource, member } = grantedBy;
  const base = `${role} on ${describeResource(resource)}`;
  return member === principal ? base : `${base}, through ${member}`;
}
