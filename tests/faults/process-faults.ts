import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TestCloud } from '../support/cloud.ts';
import type { Scenario } from './scenario.ts';

const services = ['caller', 'receiver'];

function signal(cloud: TestCloud, service: string, name: NodeJS.Signals): number {
  const pid = Number(cloud.services.pidOf(service));
  process.kill(pid, name);
  return pid;
}

/** Until another process has taken the place of this one. */
async function replaced(cloud: TestCloud, service: string, pid: number): Promise<void> {
  await expect
    .poll(() => cloud.services.pidOf(service), { timeout: 20_000, interval: 50 })
    .not.toBeOneOf([pid, undefined]);
}

/** SIGKILL of either side, whichever chance picks, one after another. */
function killed(times: number): Scenario {
  return {
    name: `SIGKILL at random, ${times} times`,
    async inject(cloud) {
      for (let i = 0; i < times; i++) {
        const service = String(services[Math.floor(Math.random() * services.length)]);
        // Somewhere in the middle of what it does: this is no wait for anything.
        await sleep(Math.random() * 100);
        await replaced(cloud, service, signal(cloud, service, 'SIGKILL'));
      }
    },
    recover: () => {},
    effect: 'some fail',
    mayDuplicate: true,
  };
}

export const processFaults = (kills: number): Scenario[] => [
  ...services.map(
    (service): Scenario => ({
      name: `SIGTERM of the ${service}`,
      inject: async (cloud) => {
        const pid = signal(cloud, service, 'SIGTERM');
        await replaced(cloud, service, pid);
        expect(cloud.notices.join('\n')).toContain(`${service} ended (exit code 0)`);
      },
      recover: () => {},
      effect: 'some fail',
      mayDuplicate: true,
    }),
  ),
  killed(kills),
  ...services.map(
    (service): Scenario => ({
      name: `${service} stalls for 2 s`,
      inject: async (cloud) => {
        signal(cloud, service, 'SIGSTOP');
        await sleep(2_000);
        signal(cloud, service, 'SIGCONT');
      },
      recover: () => {},
      effect: 'some fail',
      mayDuplicate: true,
    }),
  ),
];
