import * as z from 'zod';
import {
  audience,
  cloudRunVariables,
  commaList,
  loadConfig,
  logLevel,
  maxInFlight,
} from '../../shared/load-config.ts';

/** https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
const topicName = /^(?:projects\/[a-z0-9.:-]+\/topics\/)?(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;

const account = z
  .string()
  .regex(
    /^[a-z0-9._-]+@[a-z0-9.-]+$/,
    'must hold the e-mail addresses of service accounts, in lower case, for example caller@my-project.iam.gserviceaccount.com',
  );

const schema = z.object({
  ...cloudRunVariables,
  LOG_LEVEL: logLevel,
  MAX_IN_FLIGHT: maxInFlight,
  AUDIENCES: commaList(audience),
  ALLOWED_CALLERS: commaList(account),
  TOPIC: z
    .string({ error: 'is required' })
    .regex(topicName, 'must be the name of a topic: events or projects/my-project/topics/events'),
});

export interface ReceiverConfig {
  port: number;
  logLevel: z.output<typeof logLevel>;
  /** Requests worked on at a time; more are refused with 503. */
  maxInFlight: number;
  service: string;
  revision: string | undefined;
  /** The audiences that this service answers to: its URLs and custom audiences. */
  audiences: readonly string[];
  /** E-mail addresses of the accounts that may call. */
  allowedCallers: readonly string[];
  /** `events`, or `projects/my-project/topics/events`. */
  topic: string;
}

/** @throws {ConfigError} with every fault of the environment. */
export function loadReceiverConfig(environment: NodeJS.ProcessEnv): ReceiverConfig {
  const read = loadConfig(schema, environment);
  return {
    port: read.PORT,
    logLevel: read.LOG_LEVEL,
    maxInFlight: read.MAX_IN_FLIGHT,
    service: read.K_SERVICE ?? 'receiver',
    revision: read.K_REVISION,
    audiences: read.AUDIENCES,
    allowedCallers: read.ALLOWED_CALLERS,
    topic: read.TOPIC,
  };
}
