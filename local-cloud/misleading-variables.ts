/**
 * Variables that would lead a program past the local cloud, or there as somebody else: proxies, CAs,
 * emulators, and whatever Google's tools and libraries take from the environment.
 */
const misleading = [
  // The rest of gcloud's are its properties: impersonation, other endpoints, another configuration.
  /^CLOUDSDK_(?!PYTHON$)/,
  /^(?:GOOGLE|GCE_METADATA)_/,
  /^(?:https?|all|no|grpc|no_grpc)_proxy$/i,
  /^(?:GCLOUD_PROJECT|PUBSUB_EMULATOR_HOST)$/,
  /^(?:SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|HTTPLIB2_CA_CERTS)$/,
  /^(?:NODE_EXTRA_CA_CERTS|NODE_USE_ENV_PROXY|GRPC_DEFAULT_SSL_ROOTS_FILE_PATH)$/,
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** The names of those that are set in `environment`. */
export function misleadingVariables(environment: Environment): string[] {
  return Object.keys(environment).filter((name) =>
    misleading.some((pattern) => pattern.test(name)),
  );
}

/** `environment` without them. */
export function withoutMisleadingVariables(environment: Environment): Environment {
  const dropped = new Set(misleadingVariables(environment));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !dropped.has(name)));
}
