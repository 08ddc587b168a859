import { z } from 'zod';
import type { Probe } from './plan/service-settings.ts';

/** The parts of a Cloud Run service that a deployment decides, in the topology's terms. */
export interface LiveService {
  name: string;
  region: string;
  image: string;
  /** Undefined: the default compute account. */
  serviceAccount: string | undefined;
  /** A value is null if it comes from a secret. */
  environment: Readonly<Record<string, string | null>>;
  customAudiences: readonly string[];
  ingress: string;
  /** Whether `roles/run.invoker` is not asked for. */
  invokerCheckOff: boolean;
  cpu: string | undefined;
  memory: string | undefined;
  concurrency: number | undefined;
  minInstances: number;
  maxInstances: number | undefined;
  timeoutSeconds: number | undefined;
  cpuBoost: boolean;
  cpuThrottling: boolean;
  /** Undefined if there is none, or none over HTTP. */
  startupProbe: Probe | undefined;
  livenessProbe: Probe | undefined;
  /** Why the last deployment is not serving; undefined if it is ready. */
  notReady: string | undefined;
  latestRevision: string | undefined;
  /** Whether a new revision gets the traffic by itself. */
  followsLatest: boolean;
  /** Revisions that get traffic, with percents. */
  traffic: readonly { revision: string; percent: number }[];
}

const annotations = z.record(z.string(), z.string()).default({});

/** What Cloud Run assumes for the fields that are left out, https://cloud.google.com/run/docs/configuring/healthchecks */
const probe = z
  .object({
    httpGet: z.object({ path: z.string().default('/') }).optional(),
    periodSeconds: z.number().default(10),
    timeoutSeconds: z.number().default(1),
    failureThreshold: z.number().default(3),
  })
  .transform(({ httpGet, ...numbers }) => httpGet && { path: httpGet.path, ...numbers })
  .optional();

/** A service as gcloud prints it, https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services */
const knativeService = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations,
    generation: z.number().optional(),
  }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations }).prefault({}),
      spec: z.object({
        serviceAccountName: z.string().optional(),
        containerConcurrency: z.number().optional(),
        timeoutSeconds: z.number().optional(),
        containers: z
          .array(
            z.object({
              image: z.string().default(''),
              env: z
                .array(
                  z.object({
                    name: z.string(),
                    value: z.string().default(''),
                    valueFrom: z.unknown().optional(),
                  }),
                )
                .default([]),
              resources: z
                .object({ limits: z.record(z.string(), z.string()).default({}) })
                .prefault({}),
              startupProbe: probe,
              livenessProbe: probe,
            }),
          )
          .min(1),
      }),
    }),
    traffic: z
      .array(z.object({ latestRevision: z.boolean().optional(), percent: z.number().default(0) }))
      .default([]),
  }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      latestCreatedRevisionName: z.string().optional(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
        .default([]),
      traffic: z
        .array(z.object({ revisionName: z.string().default(''), percent: z.number().default(0) }))
        .default([]),
    })
    .prefault({}),
});

export const liveServiceSchema = knativeService.transform(({ metadata, spec, status }) => {
  const own = metadata.annotations;
  const { metadata: template, spec: revision } = spec.template;
  // Other containers are sidecars: they come after the one that is served.
  const [container] = revision.containers;
  const textOf = (name: string) =>
    template.annotations[`run.googleapis.com/${name}`]?.toLowerCase();
  // Limits can be set for each revision and for the service as a whole; both hold.
  const scale = (name: 'minScale' | 'maxScale') =>
    [template.annotations[`autoscaling.knative.dev/${name}`], own[`run.googleapis.com/${name}`]]
      .filter((value) => value !== undefined)
      .map(Number);
  const most = scale('maxScale');
  return {
    name: metadata.name,
    region: metadata.labels['cloud.googleapis.com/location'] ?? '',
    image: container?.image ?? '',
    serviceAccount: revision.serviceAccountName,
    environment: Object.fromEntries(
      (container?.env ?? []).map(({ name, value, valueFrom }) => [name, valueFrom ? null : value]),
    ),
    customAudiences: stringList(own['run.googleapis.com/custom-audiences']),
    ingress: own['run.googleapis.com/ingress'] ?? 'all',
    invokerCheckOff: own['run.googleapis.com/invoker-iam-disabled']?.toLowerCase() === 'true',
    cpu: container?.resources.limits.cpu,
    memory: container?.resources.limits.memory,
    concurrency: revision.containerConcurrency,
    minInstances: Math.max(0, ...scale('minScale')),
    maxInstances: most.length > 0 ? Math.min(...most) : undefined,
    timeoutSeconds: revision.timeoutSeconds,
    cpuBoost: textOf('startup-cpu-boost') === 'true',
    cpuThrottling: textOf('cpu-throttling') !== 'false',
    startupProbe: container?.startupProbe,
    livenessProbe: container?.livenessProbe,
    notReady: reasonNotReady(metadata.generation, status),
    latestRevision: status.latestCreatedRevisionName,
    // A revision with a tag alone gets no share of the traffic.
    followsLatest: spec.traffic
      .filter(({ percent }) => percent > 0)
      .every(({ latestRevision }) => latestRevision === true),
    traffic: status.traffic
      .filter(({ percent }) => percent > 0)
      .map(({ revisionName, percent }) => ({ revision: revisionName, percent })),
  } satisfies LiveService;
});

function reasonNotReady(
  generation: number | undefined,
  { observedGeneration, conditions }: z.output<typeof knativeService>['status'],
): string | undefined {
  if (observedGeneration !== generation) return 'Cloud Run has not finished with it';
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? undefined : ready?.message || 'it says nothing of why';
}

function stringList(json = '[]'): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(json));
  } catch {
    return [];
  }
}
