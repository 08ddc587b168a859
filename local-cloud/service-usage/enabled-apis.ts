import { ApiError, errorInfo } from '../network/api-error.ts';
import type { Notify } from '../rest/rest-api.ts';
import type { Authenticate } from '../tokens/bearer-authentication.ts';
import { playedApis } from './played-apis.ts';

/** On in every new project, or asked in the name of gcloud's own: these stay on. */
const alwaysOn: readonly string[] = [
  'cloudresourcemanager.googleapis.com',
  'oauth2.googleapis.com',
  'serviceusage.googleapis.com',
  'storage.googleapis.com',
];

/** What comes along [I]. */
const broughtAlong: Readonly<Record<string, readonly string[]>> = {
  'iam.googleapis.com': ['iamcredentials.googleapis.com'],
};

/** Which APIs the project has switched on. */
export class EnabledApis {
  readonly #enabled: Set<string>;

  /** @param initially every API that is played, or only those that a new project has */
  constructor(initially: 'all' | 'none') {
    this.#enabled = new Set(initially === 'all' ? playedApis.keys() : alwaysOn);
  }

  has(api: string): boolean {
    return this.#enabled.has(api);
  }

  enable(apis: readonly string[]): void {
    for (const api of apis) {
      for (const name of [api, ...(broughtAlong[api] ?? [])]) this.#enabled.add(name);
    }
  }

  /** @throws {ApiError} FAILED_PRECONDITION for what cannot be without */
  disable(api: string): void {
    if (alwaysOn.includes(api)) {
      throw new ApiError('FAILED_PRECONDITION', `The local cloud cannot do without ${api}.`);
    }
    this.#enabled.delete(api);
  }
}

/**
 * Refuses calls to APIs that are switched off, once it is known who calls.
 * https://cloud.google.com/apis/docs/getting-started#enabling_apis
 */
export function ofEnabledApis(
  authenticate: Authenticate,
  context: { apis: EnabledApis; projectNumber: string; notify: Notify },
): Authenticate {
  const { apis, projectNumber, notify } = context;
  return (authorization, call) => {
    const principal = authenticate(authorization, call);
    const { service } = call;
    if (apis.has(service)) return principal;
    notify(`refused ${call.method}: ${service} is not enabled; gcloud services enable ${service}`);
    const serviceTitle = playedApis.get(service) ?? service;
    const consumer = `projects/${projectNumber}`;
    const activationUrl = `https://console.developers.google.com/apis/api/${service}/overview?project=${projectNumber}`;
    throw new ApiError(
      'PERMISSION_DENIED',
      `${serviceTitle} has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting ${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
      [
        errorInfo('SERVICE_DISABLED', 'googleapis.com', {
          service,
          serviceTitle,
          consumer,
          containerInfo: projectNumber,
          activationUrl,
        }),
      ],
    );
  };
}
