import { ImageNotFoundError } from './service-fleet.ts';
import type { Revision } from './service-registry.ts';

/** The sentence that stands before the cause at a service [O]. */
export function notReady({ name }: Revision, cause: string): string {
  return `Revision '${name}' is not ready and cannot serve traffic. ${cause}`;
}

/** Why a revision did not come up, in Google's words [O]; what is known here stands in the terminal. */
export function failureOf(error: unknown, { spec }: Revision): { reason: string; message: string } {
  if (error instanceof ImageNotFoundError) {
    return { reason: 'ContainerMissing', message: error.message };
  }
  const [container] = spec.containers;
  const reason = 'HealthCheckContainerError';
  if (container?.startupProbe?.httpGet) {
    return {
      reason,
      message:
        'The user-provided container failed the configured startup probe checks. Logs for this revision might contain more information.',
    };
  }
  const port = container?.ports?.[0]?.containerPort ?? 8080;
  return {
    reason,
    message: `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended. Logs for this revision might contain more information.`,
  };
}
