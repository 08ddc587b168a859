import { z } from 'zod';
import { milliCpu, type ServiceSettings } from '../../deploy/plan/service-settings.ts';
import type { DeploymentTarget, ResolvedBinding } from '../../deploy/topology.ts';
import { type Attributes, readTerraformModule } from './hcl/terraform-module.ts';

/** What the Terraform files would make, in the words of the deploy command. Each list is sorted. */
export interface TerraformDeployment {
  accounts: string[];
  services: z.output<typeof service>[];
  topics: string[];
  subscriptions: { id: string; topic: string }[];
  bindings: ResolvedBinding[];
  apis: string[];
  /** Outputs. */
  urls: Readonly<Record<string, string>>;
  curl: string;
}

const only = <T extends z.ZodType>(schema: T) => z.tuple([schema]).transform(([one]) => one);
const probe = only(
  z.strictObject({
    period_seconds: z.number(),
    timeout_seconds: z.number(),
    failure_threshold: z.number(),
    http_get: only(z.strictObject({ path: z.string() })),
  }),
).transform(({ period_seconds, timeout_seconds, failure_threshold, http_get }) => ({
  path: http_get.path,
  periodSeconds: period_seconds,
  timeoutSeconds: timeout_seconds,
  failureThreshold: failure_threshold,
}));
const ingress = {
  INGRESS_TRAFFIC_ALL: 'all',
  INGRESS_TRAFFIC_INTERNAL_ONLY: 'internal',
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: 'internal-and-cloud-load-balancing',
} as const;

/** Strict everywhere: a setting that the topology does not know must not slip in here. */
const service = z
  .strictObject({
    name: z.string(),
    location: z.string(),
    ingress: z
      .string()
      .transform((value) =>
        z.enum(Object.values(ingress)).parse(ingress[value as keyof typeof ingress]),
      ),
    custom_audiences: z.array(z.string()),
    deletion_protection: z.boolean(),
    traffic: only(
      z.strictObject({
        type: z.literal('TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'),
        percent: z.literal(100),
      }),
    ),
    template: only(
      z.strictObject({
        service_account: z.string(),
        max_instance_request_concurrency: z.number(),
        timeout: z.templateLiteral([z.int(), 's']),
        scaling: only(
          z.strictObject({ min_instance_count: z.number(), max_instance_count: z.number() }),
        ),
        containers: only(
          z.strictObject({
            image: z.string(),
            resources: only(
              z.strictObject({
                limits: z.strictObject({ cpu: z.string(), memory: z.string() }),
                cpu_idle: z.boolean(),
                startup_cpu_boost: z.boolean(),
              }),
            ),
            env: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
            startup_probe: probe,
            liveness_probe: probe,
          }),
        ),
      }),
    ),
  })
  .transform(({ name, location, ingress, custom_audiences, deletion_protection, template }) => {
    const { image, env, resources, startup_probe, liveness_probe } = template.containers;
    const settings: ServiceSettings = {
      image,
      serviceAccount: template.service_account,
      ingress,
      customAudiences: custom_audiences,
      environment: Object.fromEntries(env.map(({ name, value }) => [name, value])),
      milliCpu: milliCpu(resources.limits.cpu),
      memory: resources.limits.memory,
      concurrency: template.max_instance_request_concurrency,
      minInstances: template.scaling.min_instance_count,
      maxInstances: template.scaling.max_instance_count,
      timeoutSeconds: Number.parseInt(template.timeout, 10),
      cpuBoost: resources.startup_cpu_boost,
      cpuThrottling: resources.cpu_idle,
      startupProbe: startup_probe,
      livenessProbe: liveness_probe,
      // `invoker_iam_disabled` would be an unknown key.
      invokerCheck: true,
    };
    return { name, region: location, deletionProtection: deletion_protection, settings };
  });

const serviceMember = z.strictObject({
  name: z.string(),
  location: z.string(),
  role: z.string(),
  member: z.string(),
});
const topicMember = z.strictObject({ topic: z.string(), role: z.string(), member: z.string() });
const made = z.object({ id: z.string() });

/**
 * Evaluates the Terraform files of a folder for a topology.
 *
 * @throws where they make something that a topology cannot ask for: another kind of resource or grant.
 */
export function terraformDeployment(
  folder: string,
  files: Readonly<Record<string, string>>,
  target: DeploymentTarget,
  variables: Readonly<Record<string, string | boolean>> = {},
): TerraformDeployment {
  const { project, projectNumber, region, deployer } = target;
  const module = readTerraformModule(folder, {
    variables: { project, region, deployer, image_tag: 'v1', ...variables },
    data: { google_project: { this: { number: projectNumber } } },
    computed: {
      google_service_account: ({ account_id }) => ({
        email: `${account_id}@${project}.iam.gserviceaccount.com`,
      }),
      google_pubsub_topic: ({ name }) => ({ id: `projects/${project}/topics/${name}` }),
    },
    files,
  });

  const deployment: TerraformDeployment = {
    accounts: [],
    services: [],
    topics: [],
    subscriptions: [],
    bindings: [],
    apis: [],
    urls: z.record(z.string(), z.string()).parse(module.output('urls')),
    curl: z.string().parse(module.output('curl')),
  };
  const add: Readonly<Record<string, (attributes: Attributes) => unknown>> = {
    google_project_service: ({ service }) => deployment.apis.push(z.string().parse(service)),
    google_artifact_registry_repository: (attributes) =>
      z
        .object({ repository_id: z.literal('services'), format: z.literal('DOCKER') })
        .parse(attributes),
    google_service_account: ({ email }) => deployment.accounts.push(z.string().parse(email)),
    google_cloud_run_v2_service: (attributes) =>
      deployment.services.push(service.parse(attributes)),
    google_pubsub_topic: (attributes) => deployment.topics.push(made.parse(attributes).id),
    google_pubsub_subscription: (attributes) => {
      const { name, topic } = z
        .strictObject({ name: z.string(), topic: z.string() })
        .parse(attributes);
      deployment.subscriptions.push({ id: name, topic });
    },
    google_cloud_run_v2_service_iam_member: (attributes) => {
      const { name, location, role, member } = serviceMember.parse(attributes);
      const resource = `//run.googleapis.com/projects/${project}/locations/${location}/services/${name}`;
      deployment.bindings.push({ resource, role, member });
    },
    google_pubsub_topic_iam_member: (attributes) => {
      const { topic, role, member } = topicMember.parse(attributes);
      const resource = `//pubsub.googleapis.com/projects/${project}/topics/${topic}`;
      deployment.bindings.push({ resource, role, member });
    },
  };
  for (const { type, name, attributes } of module.resources()) {
    const adder = add[type];
    if (!adder) throw new Error(`${type}.${name}: no topology asks for such a resource`);
    adder(attributes);
  }
  return deployment;
}
