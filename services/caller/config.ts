import * as z from 'zod';
import {
  audience,
  cloudRunVariables,
  loadConfig,
  logLevel,
  maxInFlight,
  serviceUrl,
} from '../../shared/load-config.ts';

const schema = z.object({
  ...cloudRunVariables,
  LOG_LEVEL: logLevel,
  MAX_IN_FLIGHT: maxInFlight,
  RECEIVER_URL: serviceUrl,
  RECEIVER_AUDIENCE: audience.optional(),
});

export interface CallerConfig {
  port: number;
  logLevel: z.output<typeof logLevel>;
  /** Requests worked on at a time; more are refused with 503. */
  maxInFlight: number;
  service: string;
  revision: string | undefined;
  /** Origin of the receiver. */
  receiverUrl: string;
  /** What the receiver's ID tokens are for: its URL, unless a custom audience is set. */
  receiverAudience: string;
}

/** @throws {ConfigError} with every fault of the environment. */
export function loadCallerConfig(environment: NodeJS.ProcessEnv): CallerConfig {
  const read = loadConfig(schema, environment);
  return {
    port: read.PORT,
    logLevel: read.LOG_LEVEL,
    maxInFlight: read.MAX_IN_FLIGHT,
    service: read.K_SERVICE ?? 'caller',
    revision: read.K_REVISION,
    receiverUrl: read.RECEIVER_URL,
    receiverAudience: read.RECEIVER_AUDIENCE ?? read.RECEIVER_URL,
  };
}
