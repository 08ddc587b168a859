import { z } from 'zod';

/** Cloud Run: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create */
const serviceName = z
  .string()
  .regex(
    /^[a-z](?:[-a-z0-9]{0,47}[a-z0-9])?$/,
    'must be a Cloud Run service name: 1–49 lower-case letters, digits and hyphens, starting with a letter',
  );

/**
 * https://cloud.google.com/iam/docs/service-accounts-create
 * The default compute account fits nowhere here, on purpose: in many projects it is an editor.
 */
const serviceAccountId = z.string().regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, {
  error: ({ input }) =>
    /-compute(?:@|$)/.test(String(input))
      ? 'must not be the default compute account, which often may do everything: give the service an account of its own'
      : 'must be a service account id: 6–30 lower-case letters, digits and hyphens, starting with a letter',
});

/** https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
const pubsubId = z
  .string()
  .regex(
    /^(?!goog)[A-Za-z][-\w.~+%]{2,254}$/,
    'must be a Pub/Sub id: 3–255 letters, digits and -_.~+%, starting with a letter and not with "goog"',
  );

/** What may stand in an environment value; each is filled in when the topology is resolved. */
export const placeholderForms = [
  `\${services.<name>.url}`,
  `\${services.<name>.serviceAccount}`,
  `\${topics.<name>.name}`,
].join(', ');

/** `service:<name>`, `deployer`, or a member as IAM writes it. */
const member = z
  .string()
  .regex(
    /^(?:service:[-a-z0-9]+|deployer|allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group):[^\s@:]+@[^\s@:]+\.[^\s@:]+|domain:[^\s@:]+\.[^\s@:]+)$/,
    'must be service:<name>, deployer, or an IAM member such as user:ada@example.com, group:team@example.com, domain:example.com or allUsers',
  )
  .meta({
    description:
      'service:<name> is the service account of that service, deployer the person who deploys; other IAM members as they are.',
  });

/** https://cloud.google.com/iam/docs/principals-overview#google-group */
const groupEmail = z
  .string()
  .regex(
    /^[^\s@:]+@[^\s@:]+\.[^\s@:]+$/,
    'must be the e-mail address of a group, such as team@example.com',
  );

/** Google groups have people, accounts and other groups as members. */
const groupMember = z
  .string()
  .regex(
    /^(?:service:[-a-z0-9]+|deployer|(?:user|serviceAccount|group):[^\s@:]+@[^\s@:]+\.[^\s@:]+)$/,
    'must be service:<name>, deployer, or user:, serviceAccount: or group: with an e-mail address',
  );

const domain = z
  .string()
  .regex(/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/, 'must be a domain such as example.com');

const environmentName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable: letters, digits and _')
  .refine((name) => !['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'].includes(name), {
    error: 'is set by Cloud Run itself',
  });

const service = z
  .strictObject({
    serviceAccount: serviceAccountId.meta({
      description: 'Id of the service account that the service runs as (the part before the @).',
    }),
    invokers: z.array(member).meta({ description: 'Who gets roles/run.invoker on the service.' }),
    environment: z
      .record(environmentName, z.string())
      .default({})
      .meta({
        description: `Environment variables. Filled in: ${placeholderForms}.`,
      }),
    customAudiences: z.array(z.string().min(1)).default([]).meta({
      description: 'Audiences accepted besides the URLs of the service.',
    }),
    image: serviceName.optional().meta({
      description:
        'Which image it runs: the one built from Dockerfile.<image>, and from services/<image>/ locally. Default: that of its own name.',
    }),
    ingress: z.enum(['all', 'internal', 'internal-and-cloud-load-balancing']).default('all').meta({
      description:
        'From which networks requests may come. It is no protection of its own: IAM decides who may call. Another service of the same project counts as internal only when its traffic goes through a VPC network.',
    }),
    resources: z
      .strictObject({
        cpu: z
          .string()
          .regex(/^(?:[1-8]|[1-9]\d{1,3}m)$/, 'must be like "1" or "500m"')
          .default('1'),
        memory: z
          .string()
          .regex(/^[1-9]\d{0,4}(?:Mi|Gi)$/, 'must be like "512Mi" or "1Gi"')
          .default('512Mi'),
      })
      .prefault({})
      .meta({ description: 'Limits of one instance.' }),
    concurrency: z
      .int()
      .min(1)
      .max(1000)
      .default(80)
      .meta({ description: 'Requests that one instance handles at the same time.' }),
    minInstances: z.int().min(0).max(1000).default(0),
    maxInstances: z.int().min(1).max(1000).default(10),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(60)
      .meta({ description: 'After this long Cloud Run answers a request with 504.' }),
  })
  .refine(({ minInstances, maxInstances }) => minInstances <= maxInstances, {
    path: ['minInstances'],
    error: 'must not be more than maxInstances (default 10)',
  });

const topic = z.strictObject({
  publishers: z
    .array(member)
    .meta({ description: 'Who gets roles/pubsub.publisher on the topic.' }),
});

const subscription = z.strictObject({
  topic: pubsubId.meta({ description: 'Name of a topic of this file.' }),
});

/** The shape of `topology.json`. References between its parts are checked in `topology.ts`. */
export const topologySchema = z
  .strictObject({
    $schema: z.string().optional(),
    services: z.record(serviceName, service),
    topics: z.record(pubsubId, topic).default({}),
    subscriptions: z.record(pubsubId, subscription).default({}),
    groups: z.record(groupEmail, z.array(groupMember)).default({}).meta({
      description:
        'Google groups that the members group:<e-mail> name, each with its direct members. They exist elsewhere: the local cloud plays them, a deployment does not make them.',
    }),
    domains: z.array(domain).default([]).meta({
      description: 'Workspace domains that the members domain:<domain> name.',
    }),
  })
  .meta({
    title: 'Topology',
    description: 'Which services exist, as whom they run, and who may do what.',
  });

/** `topology.schema.json`: what editors check the file against. */
export function topologyJsonSchema(): unknown {
  return z.toJSONSchema(topologySchema, { io: 'input' });
}
