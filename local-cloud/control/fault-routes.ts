import { z } from 'zod';
import {
  type FaultInput,
  type FaultName,
  faultNames,
  faultSchemas,
} from '../faults/fault-schemas.ts';
import type { ControlServices } from './control-services.ts';
import { type ControlRoute, route } from './route.ts';

export const activeFaultsSchema = z.partialRecord(
  z.enum(faultNames),
  z
    .looseObject({ kind: z.string(), affected: z.int() })
    .meta({ description: 'as it was put, and how many requests it has hit' }),
);

/** One example of each kind that all have, and of what only some have. */
const examples: { [Name in FaultName]: FaultInput<Name> } = {
  metadata: { kind: 'hang' },
  certificates: { kind: 'garbage', content: 'redirect' },
  oauth2: { kind: 'reset', times: 1 },
  'front-door': { kind: 'unavailable', status: 429, share: 0.3 },
  pubsub: { kind: 'slow', delayMs: 2000, jitterMs: 1000 },
};

/** Lets things go wrong at Google's side, and right again. */
export function faultRoutes({
  faults,
  notify,
}: Pick<ControlServices, 'faults' | 'notify'>): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/api/faults',
      summary: 'Which faults are in force?',
      answer: activeFaultsSchema,
      handle: () => faults.active(),
    }),
    route({
      method: 'DELETE',
      path: '/api/faults',
      summary: 'Let everything work again',
      handle: () => {
        faults.clear();
        notify('all faults are gone');
      },
    }),
    ...faultNames.flatMap((name) => [
      route({
        method: 'PUT',
        path: `/api/faults/${name}`,
        summary: `Let ${name} fail`,
        body: faultSchemas[name] as z.ZodType<FaultInput<typeof name>>,
        answer: activeFaultsSchema,
        example: { body: examples[name] },
        handle: ({ body }) => {
          faults.set(name, body);
          notify(`${name} has a fault from now on: ${JSON.stringify(body)}`);
          return faults.active();
        },
      }),
      route({
        method: 'DELETE',
        path: `/api/faults/${name}`,
        summary: `Let ${name} work again`,
        handle: () => {
          faults.remove(name);
          notify(`${name} works again`);
        },
      }),
    ]),
  ];
}
