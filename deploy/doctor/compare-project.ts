import type { ResolvedTopology } from '../topology.ts';
import type { Finding } from './finding.ts';
import { type Grant, grantsOf, isSameMember, type Policy } from './policy.ts';
import { nameOf, projectTarget, revokeCommands } from './policy-targets.ts';
import { basicRoles, roleMeanings } from './role-meanings.ts';

/**
 * Roles that go around the policies of the single services and topics when they are held on the whole
 * project, and that nobody needs there.
 */
const goesAround: Readonly<Record<string, string>> = {
  'roles/run.invoker': 'may call every service of the project, whatever the policies of these say',
  'roles/run.servicesInvoker': 'may call every service of the project, whatever their policies say',
  'roles/pubsub.publisher': 'may publish to every topic of the project, past the receiver',
  'roles/iam.serviceAccountTokenCreator': 'may act as every account of the project',
  'roles/iam.serviceAccountOpenIdTokenCreator': 'may call services as every account of the project',
};

/** The topology grants nothing on the project; what is held there adds to every policy below. */
export function compareProject(policy: Policy, topology: ResolvedTopology): Finding[] {
  const target = projectTarget(topology.project);
  const where = nameOf(target);
  return grantsOf(policy).flatMap((grant): Finding[] => {
    const { role, member } = grant;
    const mend = revokeCommands(target, grant);
    const holder = topology.services.find(({ serviceAccount }) =>
      isSameMember(member, `serviceAccount:${serviceAccount}`),
    );
    if (holder) return [{ where, mend, ...heldByService(holder.name, grant) }];
    if (isGoogles(member, topology.projectNumber)) return [];
    const meaning = goesAround[role];
    if (meaning) {
      return [
        {
          severity: 'warning',
          code: 'project-wide-role',
          where,
          what: `${member} has ${role} on the whole project`,
          why: `Whoever that is ${meaning}. Grant it on the one service, topic or account instead.`,
          mend,
        },
      ];
    }
    if (isDefaultCompute(member, topology) && basicRoles.has(role)) {
      return [
        {
          severity: 'info',
          code: 'basic-role',
          where,
          what: `the default compute account has ${role}`,
          why: `Whatever runs without an account of its own ${roleMeanings[role] ?? 'sees everything'}. These services have their own, so it does not concern them.`,
          mend,
        },
      ];
    }
    return [];
  });
}

function heldByService(service: string, { role, member }: Grant) {
  if (basicRoles.has(role)) {
    return {
      severity: 'error',
      code: 'basic-role',
      what: `the ${service}'s account has ${role}: ${member}`,
      why: `Whoever breaks into the ${service} ${roleMeanings[role] ?? 'sees everything'} in this project.`,
    } as const;
  }
  const meaning = goesAround[role];
  return {
    severity: meaning || roleMeanings[role] ? 'error' : 'warning',
    code: 'project-wide-role',
    what: `the ${service}'s account has ${role} on the whole project: ${member}`,
    why: `${meaning ? `It ${meaning}` : 'It holds on everything in the project, also on what is made later'}. The topology grants roles on single services and topics only.`,
  } as const;
}

/** Accounts that Google made for its own services: they hold what these need. */
function isGoogles(member: string, projectNumber: string): boolean {
  return (
    /^serviceAccount:service-\d+@[\w.-]+\.iam\.gserviceaccount\.com$/.test(member) ||
    member === `serviceAccount:${projectNumber}@cloudservices.gserviceaccount.com` ||
    member === `serviceAccount:${projectNumber}@cloudbuild.gserviceaccount.com`
  );
}

function isDefaultCompute(member: string, { projectNumber }: ResolvedTopology): boolean {
  return member === `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`;
}
