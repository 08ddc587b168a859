import { z } from 'zod';

/**
 * What a deployment says of a service, in Knative's shape, which Cloud Run keeps whatever API it came by:
 * https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services. Fields that are not known
 * here are kept and shown, as Google does.
 */

const texts = z.record(z.string(), z.string());
const seconds = z.int().min(0).max(3_600);

const probe = z.looseObject({
  initialDelaySeconds: z.int().min(0).max(240).optional(),
  periodSeconds: z.int().min(1).max(3_600).optional(),
  timeoutSeconds: z.int().min(1).max(3_600).optional(),
  failureThreshold: z.int().min(1).optional(),
  httpGet: z
    .looseObject({
      path: z.string().optional(),
      port: z.int().optional(),
      httpHeaders: z
        .array(z.looseObject({ name: z.string(), value: z.string().optional() }))
        .optional(),
    })
    .optional(),
  tcpSocket: z.looseObject({ port: z.int().optional() }).optional(),
  grpc: z.looseObject({}).optional(),
});
export type ProbeSpec = z.output<typeof probe>;

const environmentVariable = z.looseObject({
  name: z.string().min(1),
  value: z.string().optional(),
  valueFrom: z.looseObject({}).optional(),
});

const container = z.looseObject({
  image: z.string().default(''),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(environmentVariable).optional(),
  ports: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        containerPort: z.int().min(1).max(65_535).optional(),
      }),
    )
    .optional(),
  resources: z.looseObject({ limits: texts.optional() }).optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  volumeMounts: z.array(z.looseObject({})).optional(),
});

const revisionSpec = z.looseObject({
  containerConcurrency: z.int().min(0).max(1_000).optional(),
  timeoutSeconds: seconds.optional(),
  serviceAccountName: z.string().optional(),
  containers: z.array(container),
  volumes: z.array(z.looseObject({})).optional(),
});
export type RevisionSpec = z.output<typeof revisionSpec>;

export const revisionTemplateSchema = z.looseObject({
  metadata: z
    .looseObject({
      name: z.string().optional(),
      labels: texts.optional(),
      annotations: texts.optional(),
    })
    .prefault({}),
  spec: revisionSpec,
});
export type RevisionTemplate = z.output<typeof revisionTemplateSchema>;

export const trafficTargetSchema = z.looseObject({
  latestRevision: z.boolean().optional(),
  revisionName: z.string().optional(),
  percent: z.int().min(0).max(100).optional(),
  tag: z.string().optional(),
});
export type TrafficTarget = z.output<typeof trafficTargetSchema>;

/** What somebody wants of a service. */
export interface ServiceSpec {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  template: RevisionTemplate;
  traffic: readonly TrafficTarget[];
}

/** Where nothing is said: everything to the newest revision that is ready. */
export const allToLatest: readonly TrafficTarget[] = [{ latestRevision: true, percent: 100 }];

/** Annotations that mean something here. */
export const annotationNames = {
  ingress: 'run.googleapis.com/ingress',
  customAudiences: 'run.googleapis.com/custom-audiences',
  invokerIamDisabled: 'run.googleapis.com/invoker-iam-disabled',
  minScale: 'autoscaling.knative.dev/minScale',
  maxScale: 'autoscaling.knative.dev/maxScale',
  cpuBoost: 'run.googleapis.com/startup-cpu-boost',
} as const;

/** Whether everybody may call a service without any binding. gcloud writes `True`. */
export function isInvokerCheckOff({ annotations }: Pick<ServiceSpec, 'annotations'>): boolean {
  return annotations[annotationNames.invokerIamDisabled]?.toLowerCase() === 'true';
}
