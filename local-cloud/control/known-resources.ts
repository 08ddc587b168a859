import { projectResource, serviceAccountResource } from '../iam/resource-names.ts';
import type { Page, PageRequest } from '../pubsub/broker/paging.ts';
import type { ControlServices } from './control-services.ts';

/** A resource that has a policy, and what people may call it besides its full resource name. */
export interface KnownResource {
  /** The first is the one to show: `service:receiver`. */
  names: readonly string[];
  /** Full resource name. */
  resource: string;
}

/** Everything that exists now and that IAM can be asked about. */
export function knownResources({
  topology: { project },
  registry,
  broker,
  accounts,
}: Pick<ControlServices, 'topology' | 'registry' | 'broker' | 'accounts'>): KnownResource[] {
  const inPubsub = (kind: string) => (settings: { name: string }) => ({
    names: [`${kind}:${settings.name.slice(settings.name.lastIndexOf('/') + 1)}`],
    resource: `//pubsub.googleapis.com/${settings.name}`,
  });
  return [
    { names: ['project'], resource: projectResource(project) },
    ...registry.list().map(({ name, resource }) => ({ names: [`service:${name}`], resource })),
    ...everyPage((page) => broker.listTopics(project, page)).map(inPubsub('topic')),
    ...everyPage((page) => broker.listSubscriptions(project, page)).map(inPubsub('subscription')),
    ...accounts.list(project).map(({ email }) => ({
      names: [`serviceAccount:${email.slice(0, email.indexOf('@'))}`, `serviceAccount:${email}`],
      resource: serviceAccountResource(project, email),
    })),
  ];
}

/** All items of a list that comes in pages. */
export function everyPage<T>(read: (page: PageRequest) => Page<T>): T[] {
  const all: T[] = [];
  let pageToken = '';
  do {
    const page = read({ pageSize: 0, pageToken });
    all.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return all;
}
