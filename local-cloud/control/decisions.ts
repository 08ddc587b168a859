import { z } from 'zod';
import { strictInput } from '../strict-input.ts';
import type { ControlServices } from './control-services.ts';
import { decisionEventSchema } from './decision-schema.ts';
import { streamDecisions } from './decision-stream.ts';
import { route } from './route.ts';

const sequence = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the sequence number of a decision')
  .transform(Number);

/** The latest decisions: as JSON, or those and all that follow as server-sent events. */
export function decisions({ iam }: Pick<ControlServices, 'iam'>) {
  return route({
    method: 'GET',
    path: '/api/decisions',
    summary: 'What IAM decided after the decision `since`; with Accept: text/event-stream, live',
    query: strictInput({ since: sequence.optional() }),
    answer: z.object({ decisions: z.array(decisionEventSchema), latest: z.int() }),
    example: { query: '?since=0' },
    handle: ({ query: { since = 0 }, request, response }) => {
      const log = iam.decisions;
      const latest = log.since(0).at(-1)?.sequence ?? 0;
      // A number that was not reached yet is from before a restart.
      const from = (number: number) => (number > latest ? 0 : number);
      if (!request.headers.accept?.includes('text/event-stream')) {
        return { decisions: log.since(from(since)), latest };
      }
      const { data: lastSeen } = sequence.safeParse(request.headers['last-event-id']);
      streamDecisions(log, from(lastSeen ?? since), response);
      return undefined;
    },
  });
}
