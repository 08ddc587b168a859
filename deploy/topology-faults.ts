import { z } from 'zod';
import { placeholderForms, topologySchema } from './topology-schema.ts';

/** What a placeholder in an environment value looks like. */
export const placeholderPattern = /\$\{([^}]*)\}/g;

const placeholderStart = `\${`;

/** Reads whatever can be read of a faulty file, so that its references are checked as well. */
const strings = z.array(z.string()).catch([]);
const readable = z.object({
  services: z
    .record(
      z.string(),
      z
        .object({
          invokers: strings,
          environment: z.record(z.string(), z.string().catch('')).catch({}),
        })
        .catch({ invokers: [], environment: {} }),
    )
    .catch({}),
  topics: z
    .record(z.string(), z.object({ publishers: strings }).catch({ publishers: [] }))
    .catch({}),
  subscriptions: z
    .record(z.string(), z.object({ topic: z.string().optional() }).catch({}))
    .catch({}),
  groups: z.record(z.string(), strings).catch({}),
  domains: strings,
});

/** Every fault of `json`, each as `path: what is wrong` in plain words; empty when it is a topology. */
export function topologyFaults(json: unknown): string[] {
  const parsed = topologySchema.safeParse(json, { reportInput: true });
  const shape = parsed.success ? [] : parsed.error.issues.flatMap(describe);
  return [...shape, ...referenceFaults(json)];
}

function describe(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.length > 0 ? issue.path.join('.') : 'the file';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${at}: unknown key "${key}"`);
    case 'invalid_key':
      return issue.issues.map(({ message }) => `${at}: the name ${message}`);
    case 'invalid_type':
      return [
        issue.input === undefined
          ? `${at}: is missing (expected ${issue.expected})`
          : `${at}: ${issue.message.replace('Invalid input: ', '')}`,
      ];
    default:
      return [`${at}: ${issue.message}`];
  }
}

function referenceFaults(json: unknown): string[] {
  const file = readable.safeParse(json).data;
  if (!file) return [];
  const services = Object.keys(file.services);
  const topics = Object.keys(file.topics);
  const faults: string[] = [];
  const declared: Readonly<Record<string, string[]>> = {
    service: services,
    group: Object.keys(file.groups).map((email) => email.toLowerCase()),
    domain: file.domains.map((domain) => domain.toLowerCase()),
  };

  const checkMembers = (members: string[], path: string) => {
    for (const [index, member] of members.entries()) {
      const [, kind = '', name = ''] = /^(\w+):(.*)$/.exec(member) ?? [];
      const names = declared[kind];
      // E-mail addresses and domains are the same in capitals; services have none.
      if (!names || names.includes(kind === 'service' ? name : name.toLowerCase())) continue;
      const where = kind === 'service' ? '' : ` under ${kind}s`;
      faults.push(`${path}.${index}: there is no ${kind} "${name}"${where}${known(names)}`);
    }
  };
  const checkPlaceholders = (value: string, path: string) => {
    if (value.replaceAll(placeholderPattern, '').includes(placeholderStart)) {
      faults.push(`${path}: a placeholder is not closed; there are: ${placeholderForms}`);
    }
    for (const [whole, inner = ''] of value.matchAll(placeholderPattern)) {
      const [, kind, name = '', property] = /^(\w+)\.(.+)\.(\w+)$/.exec(inner) ?? [];
      if (kind === 'services' && (property === 'url' || property === 'serviceAccount')) {
        if (services.includes(name)) continue;
        faults.push(`${path}: ${whole} names a service that does not exist${known(services)}`);
      } else if (kind === 'topics' && property === 'name') {
        if (topics.includes(name)) continue;
        faults.push(`${path}: ${whole} names a topic that does not exist${known(topics)}`);
      } else {
        faults.push(`${path}: ${whole} is not a placeholder; there are: ${placeholderForms}`);
      }
    }
  };

  for (const [name, { invokers, environment }] of Object.entries(file.services)) {
    checkMembers(invokers, `services.${name}.invokers`);
    for (const [variable, value] of Object.entries(environment)) {
      checkPlaceholders(value, `services.${name}.environment.${variable}`);
    }
  }
  for (const [name, { publishers }] of Object.entries(file.topics)) {
    checkMembers(publishers, `topics.${name}.publishers`);
  }
  for (const [email, members] of Object.entries(file.groups)) {
    checkMembers(members, `groups.${email}`);
  }
  for (const [name, { topic }] of Object.entries(file.subscriptions)) {
    if (topic !== undefined && !topics.includes(topic)) {
      faults.push(`subscriptions.${name}.topic: there is no topic "${topic}"${known(topics)}`);
    }
  }
  return faults;
}

function known(names: string[]): string {
  return names.length > 0 ? ` (known: ${names.join(', ')})` : '';
}
