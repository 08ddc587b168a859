import type { Probe } from './probe.ts';
import type { ProbeSpec } from './service-spec.ts';

/** A probe of a revision's spec, whose defaults are filled in. */
export function probeOf(spec: ProbeSpec | undefined): Probe | undefined {
  if (!spec) return undefined;
  const { httpGet, initialDelaySeconds = 0 } = spec;
  const { periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = spec;
  const headers = (httpGet?.httpHeaders ?? []).map(({ name, value = '' }) => [name, value]);
  return {
    ...(httpGet && {
      http: { path: httpGet.path ?? '/', headers: Object.fromEntries(headers) },
    }),
    initialDelayMs: initialDelaySeconds * 1000,
    periodMs: periodSeconds * 1000,
    timeoutMs: timeoutSeconds * 1000,
    failureThreshold,
  };
}
