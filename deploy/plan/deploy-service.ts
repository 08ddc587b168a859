import { isDeepStrictEqual } from 'node:util';
import { gcloudCommand } from '../gcloud.ts';
import { liveServiceSchema } from '../live-service.ts';
import type { ResolvedService } from '../topology.ts';
import { hasBinding } from './add-binding.ts';
import { listValue } from './list-value.ts';
import { isMadeHere, madeHere } from './made-here.ts';
import {
  liveSettings,
  type Probe,
  type ServiceSettings,
  wantedSettings,
} from './service-settings.ts';
import { imageName, type Place, projectFlag, regionFlag, type Step } from './step.ts';

export function deployService(service: ResolvedService, tag: string, place: Place): Step {
  const { name } = service;
  const settings = wantedSettings(service, imageName(service.image, tag, place));
  const isPublic = service.invokers.includes('allUsers');
  return {
    group: 'services',
    subjects: [name],
    title: `Deploy ${name}${isPublic ? ', OPEN TO EVERYBODY' : ''}`,
    why: 'Nothing is left to a default, so that the service is what the topology says.',
    check: {
      args: ['run', 'services', 'describe', name, regionFlag(place), projectFlag(place)],
      isDone: (answer) => {
        const live = liveServiceSchema.safeParse(answer).data;
        return (
          live?.notReady === undefined && isDeepStrictEqual(live && liveSettings(live), settings)
        );
      },
      refusal: (answer) => (isMadeHere(answer) ? undefined : adoption(name, place)),
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

/** For a service of this name that was there before. */
function adoption(name: string, place: Place): string {
  const adopt = ['run', 'services', 'update', name, `--update-labels=${madeHere}`];
  return `There is a service ${name} that npm run deploy has not made, and deploying would replace what runs there. Give yours another name in deploy/topology.json. Or, if it may be replaced: ${gcloudCommand([...adopt, regionFlag(place), projectFlag(place)])}`;
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
      isDone: (answer) => liveServiceSchema.safeParse(answer).data?.followsLatest === true,
    },
    args: [
      ...['run', 'services', 'update-traffic', name, '--to-latest'],
      ...[regionFlag(place), projectFlag(place)],
    ],
  };
}

/**
 * Without this, a service that was public once would stay so: deploying makes it private only where it
 * changes something else.
 */
export function closeToEverybody({ name }: ResolvedService, place: Place): Step {
  const where = [regionFlag(place), projectFlag(place)];
  const open = { role: 'roles/run.invoker', member: 'allUsers' };
  return {
    group: 'services',
    subjects: [name],
    title: `Keep ${name} closed to everybody without a binding`,
    why: 'allUsers as an invoker would let in the whole internet, without a token.',
    check: {
      args: ['run', 'services', 'get-iam-policy', name, ...where],
      isDone: (answer) => !hasBinding(answer, open),
    },
    args: [
      ...['run', 'services', 'remove-iam-policy-binding', name],
      ...[`--member=${open.member}`, `--role=${open.role}`, '--condition=None', ...where],
    ],
    isRepair: true,
  };
}

function flags(settings: ServiceSettings, isPublic: boolean): string[] {
  const { customAudiences } = settings;
  const environment = Object.entries(settings.environment).map(([key, value]) => `${key}=${value}`);
  return [
    `--image=${settings.image}`,
    `--service-account=${settings.serviceAccount}`,
    `--update-labels=${madeHere}`,
    isPublic ? '--allow-unauthenticated' : '--no-allow-unauthenticated',
    settings.invokerCheck ? '--invoker-iam-check' : '--no-invoker-iam-check',
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
