import { isDeepStrictEqual } from 'node:util';
import type { ResolvedService } from '../topology.ts';
import { listValue } from './list-value.ts';
import { isReady, liveSettings, parseLiveService, servesLatest } from './live-service.ts';
import { type Probe, type ServiceSettings, wantedSettings } from './service-settings.ts';
import { imageName, type Place, projectFlag, regionFlag, type Step } from './step.ts';

export function deployService(service: ResolvedService, tag: string, place: Place): Step {
  const { name } = service;
  const settings = wantedSettings(service, imageName(service.image, tag, place));
  const isPublic = service.invokers.includes('allUsers');
  return {
    group: 'services',
    subjects: [name],
    title: `Deploy ${name}${isPublic ? ', OPEN TO EVERYBODY' : ', closed to everybody without a binding'}`,
    why: 'Everything that could be left to a default is set, so that the service is what the topology says.',
    check: {
      args: ['run', 'services', 'describe', name, regionFlag(place), projectFlag(place)],
      isDone: (answer) => {
        const live = parseLiveService(answer);
        return (
          live !== undefined && isReady(live) && isDeepStrictEqual(liveSettings(live), settings)
        );
      },
    },
    args: [
      'run',
      'deploy',
      name,
      ...flags(settings, isPublic),
      regionFlag(place),
      projectFlag(place),
    ],
  };
}

/** After a roll-back, Cloud Run keeps the requests where they are: a new revision would get none. */
export function serveLatest({ name }: ResolvedService, place: Place): Step {
  return {
    group: 'services',
    subjects: [name],
    title: `Send every request for ${name} to its latest revision`,
    why: 'After a roll-back, Cloud Run would leave them with the old one.',
    check: {
      args: ['run', 'services', 'describe', name, regionFlag(place), projectFlag(place)],
      isDone: (answer) => {
        const live = parseLiveService(answer);
        return live !== undefined && servesLatest(live);
      },
    },
    args: [
      ...['run', 'services', 'update-traffic', name, '--to-latest'],
      ...[regionFlag(place), projectFlag(place)],
    ],
  };
}

function flags(settings: ServiceSettings, isPublic: boolean): string[] {
  const { customAudiences } = settings;
  const environment = Object.entries(settings.environment).map(([key, value]) => `${key}=${value}`);
  return [
    `--image=${settings.image}`,
    `--service-account=${settings.serviceAccount}`,
    isPublic ? '--allow-unauthenticated' : '--no-allow-unauthenticated',
    `--ingress=${settings.ingress}`,
    environment.length > 0 ? `--set-env-vars=${listValue(environment)}` : '--clear-env-vars',
    customAudiences.length > 0
      ? `--set-custom-audiences=${listValue(customAudiences)}`
      : '--clear-custom-audiences',
    `--cpu=${settings.milliCpu % 1_000 === 0 ? settings.milliCpu / 1_000 : `${settings.milliCpu}m`}`,
    `--memory=${settings.memory}`,
    `--concurrency=${settings.concurrency}`,
    `--min-instances=${settings.minInstances}`,
    `--max-instances=${settings.maxInstances}`,
    `--timeout=${settings.timeoutSeconds}`,
    settings.cpuBoost ? '--cpu-boost' : '--no-cpu-boost',
    settings.cpuThrottling ? '--cpu-throttling' : '--no-cpu-throttling',
    `--startup-probe=${probeFlag(settings.startupProbe)}`,
    `--liveness-probe=${probeFlag(settings.livenessProbe)}`,
  ];
}

function probeFlag({ path, ...numbers }: Probe): string {
  const fields = Object.entries(numbers).map(([key, value]) => `${key}=${value}`);
  return [`httpGet.path=${path}`, ...fields].join(',');
}
