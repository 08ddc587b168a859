import type { LiveService } from '../live-service.ts';
import { milliCpu } from '../plan/service-settings.ts';
import type { ResolvedService } from '../topology.ts';
import type { Finding } from './finding.ts';

/** Everything that has a number: what one instance may use and take, and how many there are. */
export function compareLimits(
  live: LiveService,
  service: ResolvedService,
  update: (...flags: string[]) => string[],
): Omit<Finding, 'where'>[] {
  const { cpu, memory } = service.resources;
  const settings = [
    { flag: '--cpu', name: 'CPUs', wanted: cpu, found: live.cpu, measure: milliCpu },
    { flag: '--memory', name: 'memory', wanted: memory, found: live.memory, measure: mebibytes },
    {
      flag: '--concurrency',
      name: 'requests at the same time',
      wanted: service.concurrency,
      found: live.concurrency,
    },
    {
      flag: '--timeout',
      name: 'seconds for a request',
      wanted: service.timeoutSeconds,
      found: live.timeoutSeconds,
    },
    {
      flag: '--min-instances',
      name: 'least instances',
      wanted: service.minInstances,
      found: live.minInstances,
    },
    {
      flag: '--max-instances',
      name: 'most instances',
      wanted: service.maxInstances,
      found: live.maxInstances,
    },
  ];
  const different = settings.filter(({ wanted, found, measure = String }) => {
    return found === undefined || measure(String(found)) !== measure(String(wanted));
  });
  if (different.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'limits',
      what: different
        .map(({ name, wanted, found }) => `${name}: ${found ?? 'not set'}, not ${wanted}`)
        .join('; '),
      why: 'It costs, holds out or waits otherwise than the topology says.',
      mend: update(...different.map(({ flag, wanted }) => `${flag}=${wanted}`)),
    },
  ];
}

function mebibytes(text: string): number {
  const [, amount, unit] = /^(\d+)(Ki|Mi|Gi)?$/.exec(text) ?? [];
  const inOne = { Ki: 1 / 1_024, Mi: 1, Gi: 1_024 }[unit ?? ''] ?? 1 / 2 ** 20;
  return Number(amount) * inOne;
}
