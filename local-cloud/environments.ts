import { type Environment, misleadingVariables } from './misleading-variables.ts';
import { shellQuote } from './shell-quote.ts';

/** Files and addresses that programs need to find the local cloud. */
export interface Reach {
  proxyUrl: string;
  /** Path of the CA's certificate. */
  caFile: string;
}

/**
 * What makes an unmodified program talk to the local cloud instead of Google: every connection goes
 * through the proxy, and the CA is trusted, which each library has its own variables for: Node, gRPC (which
 * looks at its own first, and a machine or a deployment may have them set), OpenSSL and Go, curl, Python.
 */
export function networkEnvironment({ proxyUrl, caFile }: Reach): Record<string, string> {
  return {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    grpc_proxy: proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    no_grpc_proxy: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: caFile,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
    SSL_CERT_FILE: caFile,
    CURL_CA_BUNDLE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
  };
}

/**
 * Where the metadata server is: for most libraries, for Python's first look whether there is one, and
 * for gcloud, which would otherwise look in the network.
 */
export function metadataEnvironment(host: string): Record<string, string> {
  return { GCE_METADATA_HOST: host, GCE_METADATA_IP: host, GCE_METADATA_ROOT: host };
}

/** For programs at the developer's hand: they act as the developer. */
export function shellEnvironment(
  reach: Reach & {
    project: string;
    region: string;
    /** The developer's e-mail address. */
    developer: string;
    /** Path of the developer's credentials. */
    credentialsFile: string;
    /** A folder of our own, so that the developer's real gcloud configuration is never touched. */
    gcloudFolder: string;
    /** The metadata server of the service that is called first. */
    metadataHost: string;
    /** URL by service name. */
    serviceUrls: Readonly<Record<string, string>>;
  },
): Record<string, string> {
  const { caFile, project, region } = reach;
  return {
    ...networkEnvironment(reach),
    GOOGLE_APPLICATION_CREDENTIALS: reach.credentialsFile,
    GOOGLE_CLOUD_PROJECT: project,
    ...metadataEnvironment(reach.metadataHost),
    CLOUDSDK_CONFIG: reach.gcloudFolder,
    // Rather than an access token: gcloud then has an ID token of the developer as well.
    CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: reach.credentialsFile,
    CLOUDSDK_CORE_ACCOUNT: reach.developer,
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: caFile,
    CLOUDSDK_CORE_PROJECT: project,
    CLOUDSDK_RUN_REGION: region,
    CLOUDSDK_CORE_CHECK_GCE_METADATA: '0',
    CLOUDSDK_CORE_DISABLE_FILE_LOGGING: '1',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_SURVEY_DISABLE_PROMPTS: '1',
    ...Object.fromEntries(
      Object.entries(reach.serviceUrls).map(([name, url]) => [`${variableName(name)}_URL`, url]),
    ),
  };
}

/** Lines for a POSIX shell, safe whatever the values hold. */
export function shellExports(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
    .join('');
}

/** Lines that take away what a shell inherited and `environment` does not replace. */
export function shellUnsets(inherited: Environment, environment: Environment): string {
  return (
    misleadingVariables(inherited)
      // Other names could be no variables of a shell.
      .filter((name) => /^\w+$/.test(name) && !(name in environment))
      .map((name) => `unset ${name}\n`)
      .join('')
  );
}

/** `my-service` → `MY_SERVICE`. */
function variableName(service: string): string {
  return service.toUpperCase().replaceAll('-', '_');
}
