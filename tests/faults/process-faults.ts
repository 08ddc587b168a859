import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { postMessage, type TestCloud } from '../support/cloud.ts';
import { probeId } from './ledger.ts';
import type { Scenario } from './scenario.ts';

const services = ['caller', 'receiver'];
const patience = { timeout: 20_000, interval: 20 };

function signal(cloud: TestCloud, service: string, name: NodeJS.Signals): number {
  const pid = Number(cloud.services.pidOf(service));
  process.kill(pid, name);
  return pid;
}

/** Until another process has taken the place of this one, and listens. */
async function replaced(cloud: TestCloud, service: string, pid: number): Promise<void> {
  const { services: fleet } = cloud;
  await expect
    .poll(() => fleet.portOf(service) !== undefined && fleet.pidOf(service) !== pid, patience)
    .toBe(true);
}

/** SIGTERM, and the promise that goes with it. */
function told(service: string, repeatedBy: Scenario['repeatedBy']): Scenario {
  return {
    name: `SIGTERM of the ${service}`,
    async inject(cloud) {
      const before = cloud.notices.length;
      const since = performance.now();
      const pid = signal(cloud, service, 'SIGTERM');
      await expect
        .poll(() => cloud.notices.slice(before).join('\n'), patience)
        .toContain(`${service} ended (exit code 0)`);
      expect(performance.now() - since).toBeLessThan(8_000);
      await replaced(cloud, service, pid);
    },
    recover: () => {},
    effect: 'some fail',
    ...(repeatedBy && { repeatedBy }),
  };
}

/** SIGKILL of either side, whichever chance picks, whenever both have served again since the last one. */
function killed(times: number): Scenario {
  return {
    name: `SIGKILL at random, ${times} times`,
    async inject(cloud) {
      for (let i = 0; i < times; i++) {
        const service = String(services[Math.floor(Math.random() * services.length)]);
        await expect
          .poll(async () => (await postMessage(cloud, { text: probeId })).status, patience)
          .toBe(201);
        // Somewhere in the middle of what it does: this is no wait for anything.
        await sleep(Math.random() * 100);
        await replaced(cloud, service, signal(cloud, service, 'SIGKILL'));
        forgetCrashes(cloud);
      }
    },
    recover: () => {},
    effect: 'some fail',
    repeatedBy: ['caller'],
  };
}

/** To the supervisor it is as if the service had run for a minute: it waits no longer before the next start. */
function forgetCrashes({ clock }: TestCloud): void {
  clock.advanceBy(60_000);
  clock.turnBackBy(60_000);
}

/** Its event loop stands still: connections are accepted, and nothing is answered. */
function stalled(service: string, repeatedBy: Scenario['repeatedBy']): Scenario {
  return {
    name: `${service} stalls for 2 s`,
    async inject(cloud) {
      signal(cloud, service, 'SIGSTOP');
      await sleep(2_000);
      signal(cloud, service, 'SIGCONT');
    },
    recover: () => {},
    effect: 'some fail',
    ...(repeatedBy && { repeatedBy }),
  };
}

export const processFaults = (kills: number): Scenario[] => [
  told('caller', []),
  told('receiver', ['caller']),
  killed(kills),
  stalled('caller', []),
  stalled('receiver', ['Pub/Sub client']),
];
