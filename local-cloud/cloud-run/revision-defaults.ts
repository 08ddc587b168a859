import type { ProbeSpec, RevisionSpec } from './service-spec.ts';

/** What Cloud Run takes where nothing is said; concurrency and resources limit nothing here. */
const defaults = {
  containerConcurrency: 80,
  timeoutSeconds: 300,
  limits: { cpu: '1000m', memory: '512Mi' },
  port: { name: 'http1', containerPort: 8080 },
} as const;

/** https://cloud.google.com/run/docs/configuring/healthchecks */
const probeDefaults = { timeoutSeconds: 1, periodSeconds: 10, failureThreshold: 3 };

/** The spec as Cloud Run shows it: what was not said is filled in. */
export function withDefaults(
  { containers, ...spec }: RevisionSpec,
  defaultAccount: string,
): RevisionSpec {
  return {
    ...spec,
    containerConcurrency: spec.containerConcurrency || defaults.containerConcurrency,
    timeoutSeconds: spec.timeoutSeconds || defaults.timeoutSeconds,
    serviceAccountName: spec.serviceAccountName || defaultAccount,
    containers: containers.map(({ name, ports, resources, ...container }) => {
      const [port = {}] = ports ?? [];
      const { containerPort = defaults.port.containerPort } = port;
      const { startupProbe, livenessProbe } = container;
      return {
        ...container,
        // gcloud sends an empty one.
        ...(name ? { name } : {}),
        ports: [{ ...defaults.port, ...port, containerPort }],
        resources: { ...resources, limits: { ...defaults.limits, ...resources?.limits } },
        startupProbe: startupProbe
          ? completeProbe(startupProbe, containerPort)
          : {
              timeoutSeconds: 240,
              periodSeconds: 240,
              failureThreshold: 1,
              tcpSocket: { port: containerPort },
            },
        ...(livenessProbe && { livenessProbe: completeProbe(livenessProbe, containerPort) }),
      };
    }),
  };
}

function completeProbe(probe: ProbeSpec, port: number): ProbeSpec {
  const { httpGet, tcpSocket } = probe;
  return {
    ...probeDefaults,
    ...probe,
    ...(httpGet && { httpGet: { port, ...httpGet, path: httpGet.path || '/' } }),
    ...(!httpGet && { tcpSocket: { port, ...tcpSocket } }),
  };
}
