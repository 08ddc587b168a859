import { gcloudCommand } from '../gcloud.ts';
import type { LiveService } from '../live-service.ts';
import type { ResolvedService, ResolvedTopology } from '../topology.ts';
import { compareEnvironment } from './compare-environment.ts';
import { compareLimits } from './compare-limits.ts';
import type { Finding } from './finding.ts';

/** Every service of the topology as it runs, and what else runs in the region. */
export function compareServices(
  live: readonly LiveService[],
  topology: ResolvedTopology,
): Finding[] {
  const ours = topology.services.flatMap((service): Finding[] => {
    const found = live.find(({ name }) => name === service.name);
    return found ? compareService(found, service, topology) : [missing(service, topology)];
  });
  const foreign = live
    .filter(({ name }) => topology.services.every((service) => service.name !== name))
    .map((service) => describeForeign(service, topology));
  return [...ours, ...foreign];
}

function missing({ name }: ResolvedService, { project, region }: ResolvedTopology): Finding {
  return {
    severity: 'error',
    code: 'service-missing',
    where: `service ${name}`,
    what: `it does not exist in ${region}`,
    why: 'Nothing answers at its address.',
    mend: [`npm run deploy -- --project ${project} --region ${region}`],
  };
}

function describeForeign(service: LiveService, topology: ResolvedTopology): Finding {
  const { name, serviceAccount } = service;
  const owner = topology.services.find((ours) => ours.serviceAccount === serviceAccount);
  const where = `service ${name}`;
  if (!owner) {
    return {
      severity: 'info',
      code: 'foreign-service',
      where,
      what: 'it is not in the topology',
      why: 'Nothing is wrong with that; it was not looked at.',
      mend: [],
    };
  }
  return {
    severity: 'error',
    code: 'account-shared',
    where,
    what: `it is not in the topology and runs as the ${owner.name}'s account ${serviceAccount}`,
    why: `It may do whatever the ${owner.name} may, and nobody can tell the two apart. Give it an account of its own.`,
    mend: [],
  };
}

function compareService(
  live: LiveService,
  service: ResolvedService,
  topology: ResolvedTopology,
): Finding[] {
  const where = `service ${service.name}`;
  const command = (verbs: readonly string[], ...flags: string[]) => {
    const place = [`--region=${topology.region}`, `--project=${topology.project}`];
    return gcloudCommand(['run', 'services', ...verbs, service.name, ...place, ...flags]);
  };
  const update = (...flags: string[]) => [command(['update'], ...flags)];
  const findings: Finding[] = [
    ...compareAccount(live, service, topology).map((finding) => ({
      ...finding,
      where,
      mend: update(`--service-account=${service.serviceAccount}`),
    })),
    ...compareEnvironment(live, service, update).map((finding) => ({ ...finding, where })),
    ...compareLimits(live, service, update).map((finding) => ({ ...finding, where })),
    ...compareTraffic(live).map((finding) => ({
      ...finding,
      where,
      mend: [command(['update-traffic'], '--to-latest')],
    })),
  ];
  if (live.invokerCheckOff) {
    findings.push({
      severity: 'error',
      code: 'invoker-check-off',
      where,
      what: 'Cloud Run does not ask IAM who may call it (the invoker check is switched off)',
      why: 'Anyone on the internet reaches it, whatever its policy says.',
      mend: update('--invoker-iam-check'),
    });
  }
  if (live.ingress !== service.ingress) {
    findings.push({
      severity: 'warning',
      code: 'ingress',
      where,
      what: `it takes requests from "${live.ingress}", not "${service.ingress}"`,
      why: 'Who may call is for IAM to say; this says from which networks a call may come at all.',
      mend: update(`--ingress=${service.ingress}`),
    });
  }
  if (live.notReady !== undefined) {
    findings.push({
      severity: 'error',
      code: 'service-not-ready',
      where,
      what: `its last deployment is not ready: ${live.notReady}`,
      why: 'The revision before it goes on serving, if there is one. Its log tells more.',
      mend: [command(['logs', 'read'], '--limit=50')],
    });
  }
  return findings;
}

function compareAccount(
  { serviceAccount }: LiveService,
  service: ResolvedService,
  { projectNumber }: ResolvedTopology,
): Pick<Finding, 'severity' | 'code' | 'what' | 'why'>[] {
  if (serviceAccount === service.serviceAccount) return [];
  if (
    serviceAccount === undefined ||
    serviceAccount === `${projectNumber}-compute@developer.gserviceaccount.com`
  ) {
    return [
      {
        severity: 'error',
        code: 'default-account',
        what: 'it runs as the default compute account',
        why: 'Every workload that names no account shares that one, and in many projects it is an editor.',
      },
    ];
  }
  return [
    {
      severity: 'error',
      code: 'other-account',
      what: `it runs as ${serviceAccount}, not as ${service.serviceAccount}`,
      why: 'The roles that the topology grants belong to another account than the one that asks.',
    },
  ];
}

function compareTraffic({
  traffic,
  latestRevision,
  followsLatest,
}: LiveService): Pick<Finding, 'severity' | 'code' | 'what' | 'why'>[] {
  const old = traffic.filter(({ revision }) => revision !== latestRevision);
  if (old.length > 0) {
    const list = old.map(({ revision, percent }) => `${revision} (${percent} %)`).join(', ');
    return [
      {
        severity: 'warning',
        code: 'old-revision',
        what: `an old revision serves: ${list}; the latest is ${latestRevision}`,
        why: 'What was deployed last is not what answers, with other settings or even another account.',
      },
    ];
  }
  if (followsLatest) return [];
  return [
    {
      severity: 'warning',
      code: 'traffic-pinned',
      what: `its traffic is pinned to ${latestRevision}`,
      why: 'npm run deploy unpins it; what is deployed otherwise is not served before somebody does.',
    },
  ];
}
