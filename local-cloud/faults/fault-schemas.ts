import { z } from 'zod';
import { type CanonicalCode, httpStatusOf } from '../network/api-error.ts';
import { strictInput } from '../strict-input.ts';

const longestDelayMs = 600_000;

/** Which requests a fault hits; without these, all of them. */
const extent = {
  share: z.number().min(0).max(1).optional().meta({ description: 'how many of the requests' }),
  times: z.int().min(1).optional().meta({ description: 'only the next so many requests' }),
};
const delay = z.int().min(0).max(longestDelayMs);

const hang = strictInput({ kind: z.literal('hang'), ...extent });
const slow = strictInput({
  kind: z.literal('slow'),
  delayMs: delay,
  jitterMs: delay.default(0).meta({ description: 'the delay varies by as much, up and down' }),
  ...extent,
});
const reset = strictInput({ kind: z.literal('reset'), ...extent });

const unavailable = strictInput({
  kind: z.literal('unavailable'),
  status: z.int().min(400).max(599).default(503).meta({ description: 'of HTTP' }),
  ...extent,
});
const garbage = <const Contents extends readonly ['html', ...string[]]>(contents: Contents) =>
  strictInput({ kind: z.literal('garbage'), content: z.enum(contents).default('html'), ...extent });

const httpFault = z.discriminatedUnion('kind', [
  unavailable,
  hang,
  slow,
  reset,
  garbage(['html', 'empty']),
]);

const canonicalCodes = Object.keys(httpStatusOf) as [CanonicalCode, ...CanonicalCode[]];

/** Everything that can go wrong at Google's side, by where it does. */
export const faultSchemas = {
  metadata: z.discriminatedUnion('kind', [
    unavailable,
    hang,
    slow,
    reset,
    garbage(['html', 'empty', 'expired-token']),
  ]),
  certificates: z.discriminatedUnion('kind', [
    unavailable,
    hang,
    slow,
    reset,
    garbage(['html', 'empty', 'redirect', 'no-max-age']),
  ]),
  oauth2: httpFault,
  'front-door': httpFault,
  pubsub: z.discriminatedUnion('kind', [
    strictInput({
      kind: z.literal('unavailable'),
      status: z.enum(canonicalCodes).default('UNAVAILABLE'),
      ...extent,
    }),
    hang,
    slow,
    reset,
    strictInput({ kind: z.literal('garbage'), ...extent }),
    strictInput({ kind: z.literal('lost-answer'), ...extent }),
  ]),
} as const;

export type FaultName = keyof typeof faultSchemas;

/** As it is asked for, with defaults left out. */
export type FaultInput<Name extends FaultName> = z.input<(typeof faultSchemas)[Name]>;
export type Fault = z.output<(typeof faultSchemas)[FaultName]>;
export type HttpFault = z.output<(typeof faultSchemas)[Exclude<FaultName, 'pubsub'>]>;
export type PubsubFault = z.output<typeof faultSchemas.pubsub>;
export type SlowFault = z.output<typeof slow>;

export const faultNames = Object.keys(faultSchemas) as FaultName[];
