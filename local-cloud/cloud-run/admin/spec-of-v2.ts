import { onlyAtGoogle } from '../check-service-spec.ts';
import {
  allToLatest,
  annotationNames as names,
  type RevisionTemplate,
  type ServiceSpec,
} from '../service-spec.ts';
import {
  type ContainerV2,
  ingressByName,
  type ServiceV2,
  type TemplateV2,
  toRevision,
} from './service-v2-schema.ts';

/** Settings that v1 keeps as annotations, and v2 as fields. */
export const v2Annotations = {
  description: 'run.googleapis.com/description',
  client: 'run.googleapis.com/client-name',
  clientVersion: 'run.googleapis.com/client-version',
  launchStage: 'run.googleapis.com/launch-stage',
  executionEnvironment: 'run.googleapis.com/execution-environment',
  cpuThrottling: 'run.googleapis.com/cpu-throttling',
  sessionAffinity: 'run.googleapis.com/sessionAffinity',
  minInstances: 'run.googleapis.com/minScale',
  maxInstances: 'run.googleapis.com/maxScale',
} as const;

/**
 * What a service of v2 says, in the shape that services are kept in.
 *
 * @throws {ApiError} FAILED_PRECONDITION for what only Google runs
 */
export function specOfV2(service: ServiceV2): ServiceSpec {
  refuseWhatIsNotPlayed(service);
  const { labels = {}, template, traffic = [], scaling, customAudiences = [] } = service;
  const ingress = Object.entries(ingressByName).find(([, name]) => name === service.ingress)?.[0];
  return {
    labels,
    annotations: {
      ...service.annotations,
      ...given({
        [names.ingress]: ingress,
        [names.invokerIamDisabled]: service.invokerIamDisabled ? 'true' : undefined,
        [names.customAudiences]:
          customAudiences.length > 0 ? JSON.stringify(customAudiences) : undefined,
        [v2Annotations.description]: service.description,
        [v2Annotations.client]: service.client,
        [v2Annotations.clientVersion]: service.clientVersion,
        [v2Annotations.launchStage]: service.launchStage,
        [v2Annotations.minInstances]: count(scaling?.minInstanceCount),
        [v2Annotations.maxInstances]: count(scaling?.maxInstanceCount),
      }),
    },
    template: templateOf(template),
    traffic:
      traffic.length === 0
        ? allToLatest
        : traffic.map(({ type, revision, percent, tag }) => ({
            ...(type === toRevision && revision
              ? { revisionName: revision.slice(revision.lastIndexOf('/') + 1) }
              : { latestRevision: true }),
            ...(percent !== undefined && { percent }),
            ...(tag && { tag }),
          })),
  };
}

function templateOf(template: TemplateV2): RevisionTemplate {
  const { revision, labels, scaling, timeout, serviceAccount, containers } = template;
  const [{ resources } = {}] = containers;
  const annotations = {
    ...template.annotations,
    ...given({
      [names.minScale]: count(scaling?.minInstanceCount),
      [names.maxScale]: count(scaling?.maxInstanceCount),
      [names.cpuBoost]: resources?.startupCpuBoost ? 'true' : undefined,
      [v2Annotations.cpuThrottling]: resources?.cpuIdle === false ? 'false' : undefined,
      [v2Annotations.executionEnvironment]: executionEnvironment(template),
      [v2Annotations.sessionAffinity]: template.sessionAffinity ? 'true' : undefined,
    }),
  };
  return {
    metadata: {
      ...(revision && { name: revision }),
      ...(labels && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      containers: containers.map(knativeContainer),
      ...given({
        timeoutSeconds: timeout === undefined ? undefined : Number.parseInt(timeout, 10),
        serviceAccountName: serviceAccount,
        containerConcurrency: template.maxInstanceRequestConcurrency,
      }),
    },
  };
}

function knativeContainer({ env, resources, ...rest }: ContainerV2) {
  return {
    ...rest,
    ...(env && { env: env.map(({ name, value = '' }) => ({ name, value })) }),
    ...(resources?.limits && { resources: { limits: resources.limits } }),
  };
}

function executionEnvironment({ executionEnvironment: name }: TemplateV2): string | undefined {
  const [, generation] = /^EXECUTION_ENVIRONMENT_(GEN[12])$/.exec(name ?? '') ?? [];
  return generation?.toLowerCase();
}

function refuseWhatIsNotPlayed({ template, ...service }: ServiceV2): void {
  if (template.vpcAccess) throw onlyAtGoogle('VPC access');
  if (template.serviceMesh) throw onlyAtGoogle('service meshes');
  if (template.nodeSelector) throw onlyAtGoogle('GPUs');
  if (template.encryptionKey) throw onlyAtGoogle('encryption keys');
  if (service.binaryAuthorization) throw onlyAtGoogle('binary authorization');
  if (service.buildConfig) throw onlyAtGoogle('builds from source');
  if (service.iapEnabled) throw onlyAtGoogle('Identity-Aware Proxy');
  if (service.multiRegionSettings) throw onlyAtGoogle('services in several regions');
  if (service.defaultUriDisabled) throw onlyAtGoogle('services without their URL');
  const variables = template.containers.flatMap(({ env = [] }) => env);
  if (variables.some(({ valueSource }) => valueSource)) throw onlyAtGoogle('secrets');
}

function count(value: number | undefined): string | undefined {
  return value ? String(value) : undefined;
}

/** Only what is set. */
function given<Value>(entries: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Value] => {
      const [, value] = entry;
      return value !== undefined && value !== '';
    }),
  );
}
