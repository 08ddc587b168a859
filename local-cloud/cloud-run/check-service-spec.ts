import { ApiError, invalidArgument } from '../network/api-error.ts';
import { annotationNames, type RevisionTemplate, type ServiceSpec } from './service-spec.ts';

/** https://cloud.google.com/run/docs/container-contract#env-vars */
const reservedVariables = ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'];
/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create */
const serviceNamePattern = /^[a-z](?:[-a-z0-9]{0,47}[a-z0-9])?$/;
const ingressValues = ['all', 'internal', 'internal-and-cloud-load-balancing'];

/** @throws {ApiError} INVALID_ARGUMENT */
export function checkServiceName(name: string): void {
  if (serviceNamePattern.test(name)) return;
  throw invalidArgument(
    `metadata.name: Service name must use only lowercase alphanumeric characters and dashes, start with a letter, not end with a dash, and have at most 49 characters, not "${name}".`,
  );
}

/**
 * Says what cannot be deployed at Google, and what can only be deployed there: nothing is accepted that
 * would run otherwise than it says.
 *
 * @throws {ApiError} INVALID_ARGUMENT, FAILED_PRECONDITION
 */
export function checkServiceSpec(name: string, { annotations, template, traffic }: ServiceSpec) {
  checkTemplate(name, template);
  checkAudiences(annotations[annotationNames.customAudiences]);
  const ingress = annotations[annotationNames.ingress] ?? 'all';
  if (!ingressValues.includes(ingress)) {
    throw invalidArgument(
      `metadata.annotations[${annotationNames.ingress}]: must be one of ${ingressValues.join(', ')}, not "${ingress}".`,
    );
  }
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw invalidArgument(`spec.traffic: percents must sum to 100, not ${sum}.`);
  if (traffic.some(({ tag }) => tag)) throw onlyAtGoogle('traffic tags');
}

function checkTemplate(service: string, { metadata, spec }: RevisionTemplate): void {
  const [container, ...sidecars] = spec.containers;
  if (!container) throw invalidArgument('spec.template.spec.containers: must not be empty.');
  if (container.image === '') {
    throw invalidArgument('spec.template.spec.containers[0].image: must be set.');
  }
  const { name } = metadata;
  if (name && !(name.startsWith(`${service}-`) && /^[a-z][-a-z0-9]{0,61}[a-z0-9]$/.test(name))) {
    throw invalidArgument(
      `spec.template.metadata.name: a revision of ${service} must be named ${service}-…, with lowercase alphanumeric characters and dashes, not "${name}".`,
    );
  }
  const names = (container.env ?? []).map((variable) => variable.name);
  const reserved = names.filter((variable) => reservedVariables.includes(variable));
  if (reserved.length > 0) {
    throw invalidArgument(
      `spec.template.spec.containers[0].env: The following reserved env names were provided: ${reserved.join(', ')}. These values are automatically set by the system.`,
    );
  }
  const odd = names.find((variable) => /[=\0]/.test(variable));
  if (odd !== undefined) {
    throw invalidArgument(`spec.template.spec.containers[0].env: "${odd}" is no name.`);
  }
  if ((container.env ?? []).some(({ value }) => value?.includes('\0'))) {
    throw invalidArgument('spec.template.spec.containers[0].env: a value holds a NUL character.');
  }
  if (sidecars.length > 0) throw onlyAtGoogle('several containers in a revision');
  if (container.env?.some(({ valueFrom }) => valueFrom)) throw onlyAtGoogle('secrets');
  if (container.command?.length || container.args?.length) throw onlyAtGoogle('command and args');
  if (spec.volumes?.length || container.volumeMounts?.length) throw onlyAtGoogle('volumes');
  if (container.ports?.some((port) => port.name === 'h2c')) throw onlyAtGoogle('HTTP/2 (h2c)');
  if (container.startupProbe?.grpc || container.livenessProbe?.grpc) {
    throw onlyAtGoogle('gRPC probes');
  }
}

function checkAudiences(annotation: string | undefined): void {
  if (annotation === undefined || customAudiencesIn(annotation)) return;
  throw invalidArgument(
    `metadata.annotations[${annotationNames.customAudiences}]: must be a JSON array of strings.`,
  );
}

/** What the annotation lists; `undefined` if it is no list. */
export function customAudiencesIn(annotation: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(annotation === '' ? '[]' : annotation);
    const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return isList ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Not UNIMPLEMENTED: gcloud tries every 5xx again, for half a minute. */
export function onlyAtGoogle(what: string): ApiError {
  return new ApiError('FAILED_PRECONDITION', `The local cloud does not run ${what}.`);
}
