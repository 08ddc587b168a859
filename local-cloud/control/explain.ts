import { z } from 'zod';
import type { RoleCatalog } from '../iam/roles.ts';
import { strictInput } from '../strict-input.ts';
import { type InputFault, invalidInput } from './control-problem.ts';
import type { ControlServices } from './control-services.ts';
import { decisionSchema } from './decision-schema.ts';
import { knownResources } from './known-resources.ts';
import { principalSchema } from './principal-schema.ts';
import { route } from './route.ts';

const question = strictInput({
  principal: principalSchema.meta({
    description: 'user:… or serviceAccount:… with an e-mail address, or anonymous',
  }),
  permission: z.string().meta({ examples: ['run.routes.invoke'] }),
  resource: z.string().meta({
    description:
      'project, service:NAME, topic:NAME, subscription:NAME, serviceAccount:NAME, or a full resource name',
  }),
  http: strictInput({ host: z.string(), path: z.string() })
    .optional()
    .meta({ description: 'for conditions on request.host and request.path' }),
});

/** Asks IAM without doing anything: the answer is not recorded as a decision. */
export function explain(
  services: Pick<
    ControlServices,
    'iam' | 'roles' | 'topology' | 'registry' | 'broker' | 'accounts'
  >,
) {
  return route({
    method: 'POST',
    path: '/api/explain',
    summary: 'Would IAM allow it, and why?',
    body: question,
    answer: decisionSchema,
    example: {
      body: {
        principal: services.topology.deployer,
        permission: 'run.routes.invoke',
        resource: `service:${services.topology.services[0]?.name}`,
      },
    },
    handle: ({ body: { principal, permission, resource: name, http } }) => {
      const known = knownResources(services);
      const found = known.find(({ names, resource }) => resource === name || names.includes(name));
      const permissions = allPermissions(services.roles);
      const errors: InputFault[] = [];
      if (!permissions.includes(permission)) {
        const detail = `no role has the permission ${permission}`;
        errors.push({ path: 'permission', detail, allowed: permissions });
      }
      if (!found) {
        const allowed = known.flatMap(({ names: [first = ''] }) => first);
        errors.push({ path: 'resource', detail: `there is no ${name}`, allowed });
      }
      if (!found || errors.length > 0) throw invalidInput(errors);
      const { resource } = found;
      return services.iam.check({ principal, permission, resource, ...(http && { http }) });
    },
  });
}

function allPermissions(roles: RoleCatalog): string[] {
  const all = new Set<string>();
  for (const role of roles.values()) for (const permission of role.permissions) all.add(permission);
  return [...all].sort();
}
