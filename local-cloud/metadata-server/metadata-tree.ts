import { randomBytes } from 'node:crypto';
import { cloudPlatformScope } from '../tokens/access-tokens.ts';

/** A value, a list of values, or a directory. */
export type MetadataNode =
  | string
  | number
  | readonly string[]
  | { readonly [name: string]: MetadataNode };

export interface InstanceFacts {
  email: string;
  project: { id: string; number: string };
  region: string;
}

/** The scopes of every Cloud Run service: https://cloud.google.com/run/docs/securing/service-identity */
export const defaultScopes: readonly string[] = [cloudPlatformScope];

/** Everything that the metadata server of a Cloud Run instance knows, tokens apart. */
export function metadataTree({ email, project, region }: InstanceFacts): MetadataNode {
  const serviceAccount = { aliases: ['default'], email, scopes: defaultScopes };
  return {
    instance: {
      id: instanceId(),
      region: `projects/${project.number}/regions/${region}`,
      'service-accounts': { default: serviceAccount, [email]: serviceAccount },
      // [O] Cloud Run has regions, not zones, and says so with a zone of its own.
      zone: `projects/${project.number}/zones/${region}-1`,
    },
    project: { 'numeric-project-id': Number(project.number), 'project-id': project.id },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}

/** [O] A long hexadecimal number, another one for each instance. */
function instanceId(): string {
  return `00${randomBytes(63).toString('hex')}`;
}

/** The node at a path below the root, or undefined. A trailing slash makes no difference. */
export function nodeAt(root: MetadataNode, path: string): MetadataNode | undefined {
  let node: MetadataNode | undefined = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (!isDirectory(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return node;
}

/** As text: a value as it is, a list by lines, a directory as the names in it. */
export function asText(node: MetadataNode): string {
  if (!isDirectory(node)) return isList(node) ? lines(node) : String(node);
  return lines(
    Object.entries(node).map(([name, child]) => (isDirectory(child) ? `${name}/` : name)),
  );
}

/** As JSON: directories with everything below them, their names in camel case as Google has them. */
export function asJson(node: MetadataNode): unknown {
  if (!isDirectory(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, child]) => [camelCase(name), asJson(child)]),
  );
}

/** As text with everything below: one line of path and value for each value. */
export function asRecursiveText(node: MetadataNode, path = ''): string {
  if (!isDirectory(node)) {
    const values = isList(node) ? node : [node];
    return values.map((value) => `${path} ${value}\n`).join('');
  }
  return Object.entries(node)
    .map(([name, child]) => asRecursiveText(child, path === '' ? name : `${path}/${name}`))
    .join('');
}

export function isDirectory(
  node: MetadataNode | undefined,
): node is { readonly [name: string]: MetadataNode } {
  return typeof node === 'object' && !isList(node);
}

// Array.isArray does not narrow readonly arrays.
const isList = (node: MetadataNode): node is readonly string[] => Array.isArray(node);

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('');

/** `default` and e-mail addresses stay as they are. */
const camelCase = (name: string): string =>
  name.includes('@')
    ? name
    : name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
