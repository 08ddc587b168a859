/** Files and addresses that programs need to find the local cloud. */
export interface Reach {
  proxyUrl: string;
  /** Path of the CA's certificate. */
  caFile: string;
}

/**
 * What makes an unmodified program talk to the local cloud instead of Google: every connection goes
 * through the proxy, and the CA is trusted. Both variables for the CA are needed: gRPC looks at its
 * own first, and a machine may have it set.
 */
export function networkEnvironment({ proxyUrl, caFile }: Reach): Record<string, string> {
  return {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: caFile,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
  };
}

/** For programs at the developer's hand: also those that are not written for Node. */
export function shellEnvironment(
  reach: Reach & {
    project: string;
    region: string;
    /** Paths of the developer's credentials. */
    credentialsFile: string;
    accessTokenFile: string;
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
    SSL_CERT_FILE: caFile,
    CURL_CA_BUNDLE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    GOOGLE_APPLICATION_CREDENTIALS: reach.credentialsFile,
    GOOGLE_CLOUD_PROJECT: project,
    GCE_METADATA_HOST: reach.metadataHost,
    CLOUDSDK_CONFIG: reach.gcloudFolder,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: reach.accessTokenFile,
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: caFile,
    CLOUDSDK_CORE_PROJECT: project,
    CLOUDSDK_RUN_REGION: region,
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
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join('');
}

/** `my-service` → `MY_SERVICE`. */
function variableName(service: string): string {
  return service.toUpperCase().replaceAll('-', '_');
}
