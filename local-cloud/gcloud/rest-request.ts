import { parseArgs } from 'node:util';
import type { State } from '../state-file.ts';

/** The request that does what a command of gcloud does. */
export type RestRequest =
  | { kind: 'call'; method: string; url: string; body?: unknown }
  /** Reads a policy, changes it and writes it back. */
  | {
      kind: 'binding';
      change: 'add' | 'remove';
      url: string;
      read: 'GET' | 'POST';
      role: string;
      member: string;
    };

/** A kind of resource that gcloud has commands for. */
interface Collection {
  url: string;
  /** How `getIamPolicy` is called. */
  read: 'GET' | 'POST';
  create?: (id: string) => { method: 'PUT' | 'POST'; body: unknown };
}

type Flags = Readonly<Record<string, string | boolean | undefined>>;
type Place = Pick<State, 'project' | 'region'>;

const value = { type: 'string' } as const;

/** What is understood here; a command with any other flag is not. */
const options = {
  project: value,
  region: value,
  member: value,
  role: value,
  condition: value,
  message: value,
  topic: value,
  limit: value,
  'display-name': value,
  // How gcloud shows the answer, and whether it asks before.
  format: value,
  quiet: { type: 'boolean', short: 'q' },
} as const;

/**
 * What the commands of the tour do at Google's APIs.
 *
 * @returns `undefined` for all others
 */
export function restRequestFor(args: readonly string[], place: Place): RestRequest | undefined {
  const command = understood(args);
  if (!command) return undefined;
  const { words, flags } = command;
  const depth = words[0] === 'projects' ? 1 : 2;
  const collection = collectionOf(words.slice(0, depth).join(' '), flags, place);
  const [verb = '', id] = words.slice(depth);
  if (!collection) return undefined;
  return id === undefined ? requestOfAll(verb, collection) : requestOf(verb, id, flags, collection);
}

function understood(args: readonly string[]): { words: string[]; flags: Flags } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    const { condition = 'None' } = values;
    return condition === 'None' ? { words: positionals, flags: values } : undefined;
  } catch {
    return undefined;
  }
}

function collectionOf(name: string, flags: Flags, place: Place): Collection | undefined {
  const project = `projects/${flags.project ?? place.project}`;
  const region = flags.region ?? place.region;
  const given = String(flags.topic);
  const topic = given.includes('/') ? given : `${project}/topics/${given}`;
  const collections: Record<string, Collection> = {
    projects: { url: 'https://cloudresourcemanager.googleapis.com/v1/projects', read: 'POST' },
    'run services': {
      url: `https://run.googleapis.com/v2/${project}/locations/${region}/services`,
      read: 'GET',
    },
    'pubsub topics': {
      url: `https://pubsub.googleapis.com/v1/${project}/topics`,
      read: 'GET',
      create: () => ({ method: 'PUT', body: {} }),
    },
    'pubsub subscriptions': {
      url: `https://pubsub.googleapis.com/v1/${project}/subscriptions`,
      read: 'GET',
      create: () => ({ method: 'PUT', body: { topic } }),
    },
    'iam service-accounts': {
      url: `https://iam.googleapis.com/v1/${project}/serviceAccounts`,
      read: 'POST',
      create: (accountId) => ({
        method: 'POST',
        body: { accountId, serviceAccount: { displayName: flags['display-name'] } },
      }),
    },
  };
  return Object.hasOwn(collections, name) ? collections[name] : undefined;
}

function requestOfAll(verb: string, { url }: Collection): RestRequest | undefined {
  return verb === 'list' ? { kind: 'call', method: 'GET', url } : undefined;
}

function requestOf(
  verb: string,
  id: string,
  flags: Flags,
  { url: parent, read, create }: Collection,
): RestRequest | undefined {
  const url = `${parent}/${encodeURIComponent(id)}`;
  const { role, member } = flags;
  switch (verb) {
    case 'describe':
      return { kind: 'call', method: 'GET', url };
    case 'delete':
      return { kind: 'call', method: 'DELETE', url };
    case 'create': {
      const created = create?.(id);
      // PUT names the new resource itself, POST goes to those that it joins.
      return created && { kind: 'call', url: created.method === 'PUT' ? url : parent, ...created };
    }
    case 'publish': {
      const data = Buffer.from(String(flags.message ?? '')).toString('base64');
      return {
        kind: 'call',
        method: 'POST',
        url: `${url}:publish`,
        body: { messages: [{ data }] },
      };
    }
    case 'pull':
      return {
        kind: 'call',
        method: 'POST',
        url: `${url}:pull`,
        body: { maxMessages: Number(flags.limit ?? 1) },
      };
    case 'get-iam-policy':
      return { kind: 'call', method: read, url: `${url}:getIamPolicy` };
    case 'add-iam-policy-binding':
    case 'remove-iam-policy-binding': {
      if (typeof role !== 'string' || typeof member !== 'string') return undefined;
      const change = verb.startsWith('add') ? 'add' : 'remove';
      return { kind: 'binding', change, url, read, role, member };
    }
    default:
      return undefined;
  }
}
