import { z } from 'zod';
import { milliCpu, type Probe, type ServiceSettings } from './service-settings.ts';

const annotations = z.record(z.string(), z.string()).default({});

/** What Cloud Run assumes for the fields that are left out, https://cloud.google.com/run/docs/configuring/healthchecks */
const probe = z.object({
  httpGet: z.object({ path: z.string().default('/') }).optional(),
  periodSeconds: z.number().default(10),
  timeoutSeconds: z.number().default(1),
  failureThreshold: z.number().default(3),
});

const container = z.object({
  image: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
  resources: z.object({ limits: z.record(z.string(), z.string()).default({}) }).prefault({}),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
});

const traffic = z.array(
  z.object({ latestRevision: z.boolean().optional(), percent: z.number().optional() }),
);

const liveService = z.object({
  metadata: z.object({ annotations, generation: z.number().optional() }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations }).prefault({}),
      spec: z.object({
        containers: z.array(container).min(1),
        serviceAccountName: z.string().default(''),
        containerConcurrency: z.number().default(80),
        timeoutSeconds: z.number().default(300),
      }),
    }),
    traffic: traffic.default([{ latestRevision: true, percent: 100 }]),
  }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});

/** A service as `gcloud run services describe --format=json` shows it. */
export type LiveService = z.output<typeof liveService>;

/** `undefined` if `json` is no such service. */
export function parseLiveService(json: unknown): LiveService | undefined {
  return liveService.safeParse(json).data;
}

/** The settings of a live service, in the words of {@link ServiceSettings}. */
export function liveSettings({ metadata, spec }: LiveService): Partial<ServiceSettings> {
  const { template } = spec;
  const [container] = template.spec.containers;
  const of = (name: string) => template.metadata.annotations[name];
  const { cpu = '1', memory = '512Mi' } = container?.resources.limits ?? {};
  const audiences = metadata.annotations['run.googleapis.com/custom-audiences'];
  return {
    image: container?.image ?? '',
    serviceAccount: template.spec.serviceAccountName,
    ingress: metadata.annotations['run.googleapis.com/ingress'] ?? 'all',
    customAudiences: stringArray(audiences),
    environment: Object.fromEntries(
      // A variable that is a secret has no value here, and is never the same as a plain one.
      (container?.env ?? []).map(({ name, value }) => [name, value ?? '(a secret)']),
    ),
    milliCpu: milliCpu(cpu),
    memory,
    concurrency: template.spec.containerConcurrency,
    minInstances: Number(of('autoscaling.knative.dev/minScale') ?? 0),
    maxInstances: Number(of('autoscaling.knative.dev/maxScale') ?? 100),
    timeoutSeconds: template.spec.timeoutSeconds,
    cpuBoost: of('run.googleapis.com/startup-cpu-boost')?.toLowerCase() === 'true',
    cpuThrottling: of('run.googleapis.com/cpu-throttling')?.toLowerCase() !== 'false',
    ...optionalProbe('startupProbe', container?.startupProbe),
    ...optionalProbe('livenessProbe', container?.livenessProbe),
  };
}

/** Whether Cloud Run has finished with the last change, and successfully. */
export function isReady({ metadata, status }: LiveService): boolean {
  const settled = status.observedGeneration === metadata.generation;
  return (
    settled && status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

/** Whether every request goes to the latest revision. */
export function servesLatest({ spec }: LiveService): boolean {
  return spec.traffic
    .filter(({ percent = 0 }) => percent > 0)
    .every(({ latestRevision }) => latestRevision === true);
}

function optionalProbe(
  name: 'startupProbe' | 'livenessProbe',
  live: z.output<typeof probe> | undefined,
): { [key in typeof name]?: Probe } {
  if (!live?.httpGet) return {};
  const { httpGet, periodSeconds, timeoutSeconds, failureThreshold } = live;
  return { [name]: { path: httpGet.path, periodSeconds, timeoutSeconds, failureThreshold } };
}

function stringArray(json: string | undefined): string[] {
  if (!json) return [];
  try {
    return z.array(z.string()).catch([]).parse(JSON.parse(json));
  } catch {
    return [];
  }
}
