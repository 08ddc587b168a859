import { z } from 'zod';

/** As {@link Decision}; what depends on the kind of decision is described in words. */
export const decisionSchema = z.looseObject({
  principal: z.string(),
  permission: z.string(),
  resource: z.string().meta({ description: 'full resource name' }),
  allowed: z.boolean(),
  reason: z.string().meta({ description: 'one sentence' }),
  grantedBy: z
    .object({ resource: z.string(), role: z.string(), member: z.string() })
    .optional()
    .meta({ description: 'the binding, if it is allowed' }),
  closest: z
    .looseObject({ kind: z.string() })
    .optional()
    .meta({ description: 'what came closest, if it is not allowed' }),
  remedy: z.string().optional().meta({ description: 'the command that would grant it' }),
});

/** As {@link DecisionEvent}. */
export const decisionEventSchema = z.object({
  sequence: z.int().meta({ description: '1, 2, 3, …' }),
  time: z.number().meta({ description: 'milliseconds since the Unix epoch' }),
  action: z.string().meta({ description: 'what was tried: Publish, POST /messages' }),
  decision: decisionSchema,
});
