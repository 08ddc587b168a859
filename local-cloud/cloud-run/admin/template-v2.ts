import { annotationNames as names, type RevisionTemplate } from '../service-spec.ts';
import { v2Annotations } from './spec-of-v2.ts';

/** What v2 has fields for. */
const asFields: readonly string[] = [
  names.minScale,
  names.maxScale,
  names.cpuBoost,
  v2Annotations.cpuThrottling,
  v2Annotations.executionEnvironment,
  v2Annotations.sessionAffinity,
];

/** https://cloud.google.com/run/docs/reference/rest/v2/RevisionTemplate */
export function templateV2({ metadata, spec }: RevisionTemplate) {
  const { name, labels, annotations = {} } = metadata;
  const others = Object.entries(annotations).filter(([key]) => !asFields.includes(key));
  const generation = annotations[v2Annotations.executionEnvironment];
  const isOn = (key: string) => /^true$/i.test(annotations[key] ?? '');
  return {
    ...(name && { revision: name }),
    ...(labels && Object.keys(labels).length > 0 && { labels }),
    ...(others.length > 0 && { annotations: Object.fromEntries(others) }),
    scaling: {
      ...numberOf('minInstanceCount', annotations[names.minScale]),
      ...numberOf('maxInstanceCount', annotations[names.maxScale]),
    },
    timeout: `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountName,
    containers: spec.containers.map(({ resources, ...container }) => ({
      ...container,
      resources: {
        limits: resources?.limits,
        cpuIdle: !/^false$/i.test(annotations[v2Annotations.cpuThrottling] ?? ''),
        ...(isOn(names.cpuBoost) && { startupCpuBoost: true }),
      },
    })),
    maxInstanceRequestConcurrency: spec.containerConcurrency,
    ...(generation && {
      executionEnvironment: `EXECUTION_ENVIRONMENT_${generation.toUpperCase()}`,
    }),
    ...(isOn(v2Annotations.sessionAffinity) && { sessionAffinity: true }),
  };
}

function numberOf(field: string, annotation: string | undefined): object {
  return annotation === undefined ? {} : { [field]: Number(annotation) };
}
