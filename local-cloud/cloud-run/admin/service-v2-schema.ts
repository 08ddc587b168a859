import { z } from 'zod';

/**
 * A service as clients of v2 send it, https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.
 * Unknown fields are refused, as Google does; what only shows how things are is passed over.
 */

const texts = z.record(z.string(), z.string());
const shown = z.unknown().optional();

const probe = z.strictObject({
  initialDelaySeconds: z.int().min(0).max(240).optional(),
  timeoutSeconds: z.int().min(1).max(3_600).optional(),
  periodSeconds: z.int().min(1).max(3_600).optional(),
  failureThreshold: z.int().min(1).optional(),
  httpGet: z
    .strictObject({
      path: z.string().optional(),
      port: z.int().optional(),
      httpHeaders: z
        .array(z.strictObject({ name: z.string(), value: z.string().optional() }))
        .optional(),
    })
    .optional(),
  tcpSocket: z.strictObject({ port: z.int().optional() }).optional(),
  grpc: z.looseObject({}).optional(),
});

const container = z.strictObject({
  name: z.string().optional(),
  image: z.string().default(''),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        value: z.string().optional(),
        valueSource: z.looseObject({}).optional(),
      }),
    )
    .optional(),
  resources: z
    .strictObject({
      limits: texts.optional(),
      cpuIdle: z.boolean().optional(),
      startupCpuBoost: z.boolean().optional(),
    })
    .optional(),
  ports: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        containerPort: z.int().min(1).max(65_535).optional(),
      }),
    )
    .optional(),
  volumeMounts: z.array(z.looseObject({})).optional(),
  workingDir: z.string().optional(),
  livenessProbe: probe.optional(),
  startupProbe: probe.optional(),
  dependsOn: z.array(z.string()).optional(),
  baseImageUri: z.string().optional(),
});
export type ContainerV2 = z.output<typeof container>;

const template = z.strictObject({
  revision: z.string().optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
  scaling: z
    .strictObject({
      minInstanceCount: z.int().min(0).optional(),
      maxInstanceCount: z.int().min(0).optional(),
    })
    .optional(),
  timeout: z
    .string()
    .regex(/^\d{1,4}s$/, 'must be whole seconds such as 60s')
    .optional(),
  serviceAccount: z.string().optional(),
  containers: z.array(container).default([]),
  maxInstanceRequestConcurrency: z.int().min(0).max(1_000).optional(),
  executionEnvironment: z.string().optional(),
  sessionAffinity: z.boolean().optional(),
  healthCheckDisabled: z.boolean().optional(),
  volumes: z.array(z.looseObject({})).optional(),
  vpcAccess: z.looseObject({}).optional(),
  encryptionKey: z.string().optional(),
  encryptionKeyRevocationAction: z.string().optional(),
  encryptionKeyShutdownDuration: z.string().optional(),
  serviceMesh: z.looseObject({}).optional(),
  nodeSelector: z.looseObject({}).optional(),
  gpuZonalRedundancyDisabled: z.boolean().optional(),
});
export type TemplateV2 = z.output<typeof template>;

export const ingressByName = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
} as const;

export const toLatest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const toRevision = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

export const serviceV2Schema = z.strictObject({
  name: z.string().optional(),
  description: z.string().optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
  client: z.string().optional(),
  clientVersion: z.string().optional(),
  ingress: z.enum(['INGRESS_TRAFFIC_UNSPECIFIED', ...Object.values(ingressByName)]).optional(),
  launchStage: z.string().optional(),
  template,
  traffic: z
    .array(
      z.strictObject({
        type: z
          .enum(['TRAFFIC_TARGET_ALLOCATION_TYPE_UNSPECIFIED', toLatest, toRevision])
          .optional(),
        revision: z.string().optional(),
        percent: z.int().min(0).max(100).optional(),
        tag: z.string().optional(),
      }),
    )
    .optional(),
  scaling: z
    .strictObject({
      minInstanceCount: z.int().min(0).optional(),
      maxInstanceCount: z.int().min(0).optional(),
      scalingMode: z.string().optional(),
      manualInstanceCount: z.int().min(0).optional(),
    })
    .optional(),
  invokerIamDisabled: z.boolean().optional(),
  defaultUriDisabled: z.boolean().optional(),
  customAudiences: z.array(z.string()).optional(),
  binaryAuthorization: z.looseObject({}).optional(),
  buildConfig: z.looseObject({}).optional(),
  iapEnabled: z.boolean().optional(),
  multiRegionSettings: z.looseObject({}).optional(),
  etag: z.string().optional(),
  uid: shown,
  generation: shown,
  createTime: shown,
  updateTime: shown,
  deleteTime: shown,
  expireTime: shown,
  creator: shown,
  lastModifier: shown,
  observedGeneration: shown,
  terminalCondition: shown,
  conditions: shown,
  latestReadyRevision: shown,
  latestCreatedRevision: shown,
  trafficStatuses: shown,
  uri: shown,
  urls: shown,
  satisfiesPzs: shown,
  threatDetectionEnabled: shown,
  reconciling: shown,
});
export type ServiceV2 = z.output<typeof serviceV2Schema>;
