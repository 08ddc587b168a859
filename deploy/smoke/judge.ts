import { type Answer, type NoAnswer, problemOf } from './call.ts';
import type { Chain } from './chain.ts';

/** What an answer of the caller means. */
export type Verdict =
  | { kind: 'as expected'; body: unknown }
  /** It may become right by itself, since a new binding takes a while; within `worthMs`, or never. */
  | { kind: 'not yet'; reason: string; advice: string; worthMs?: number }
  | { kind: 'wrong'; reason: string; advice: string };

/** How long an address may not be known after a deployment; then there is no such service. */
const appearanceMs = 15_000;

/** Judges an answer of the caller to its user. Pure. */
export function judge(
  answer: Answer | NoAnswer,
  expected: number,
  { caller, receiver, topic }: Chain,
  member: string,
): Verdict {
  const notYet = (reason: string, advice: string) => ({ kind: 'not yet', reason, advice }) as const;
  const wrong = (reason: string, advice: string) => ({ kind: 'wrong', reason, advice }) as const;
  const doctor = 'npm run doctor tells what is missing.';

  if (answer.status === undefined) {
    return notYet(
      `${caller.url} cannot be reached: ${answer.reason}`,
      'Is it deployed, in this region? Does this machine reach the internet?',
    );
  }
  const { status, by, body } = answer;
  if (status === expected && by === 'service') return { kind: 'as expected', body };
  if (by === 'front door') {
    if (status === 401) {
      return wrong(
        "Cloud Run's front door does not accept your token (401)",
        'Log in again: gcloud auth login',
      );
    }
    if (status === 403) {
      return notYet(
        `IAM does not let ${member} call the ${caller.name} (403)`,
        `It needs roles/run.invoker on ${caller.name}. ${doctor}`,
      );
    }
    if (status === 404) {
      return {
        kind: 'not yet',
        reason: `there is no ${caller.name} at this address (404)`,
        advice: 'Is it deployed, in this region, with ingress "all"?',
        worthMs: appearanceMs,
      };
    }
    const reason = `Cloud Run's front door answered ${status}`;
    const advice = `Does ${caller.name} start? gcloud run services logs read ${caller.name}`;
    return status === 429 || status >= 500 ? notYet(reason, advice) : wrong(reason, advice);
  }

  const { code, detail, upstream } = problemOf(answer);
  const said = `the ${caller.name} answered ${status} ${code}: ${detail}`;
  if (upstream?.answeredBy === 'front door' && upstream.status === 403) {
    return notYet(
      `IAM does not let the ${caller.name}'s account call the ${receiver.name} (403)`,
      `${caller.serviceAccount} needs roles/run.invoker on ${receiver.name}. ${doctor}`,
    );
  }
  if (upstream?.code === 'publish_forbidden') {
    return notYet(
      `IAM does not let the ${receiver.name}'s account publish to ${topic.id}`,
      `${receiver.serviceAccount} needs roles/pubsub.publisher on ${topic.id}. ${doctor}`,
    );
  }
  if (status === 503 || status === 504) return notYet(said, 'Its log tells more.');
  return wrong(said, `${doctor} The logs tell more.`);
}
