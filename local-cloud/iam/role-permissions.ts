/** Groups of permissions that several of Google's predefined roles share. */

/** `permissionsOf('run', 'routes', 'get list')` → `run.routes.get`, `run.routes.list`. */
export function permissionsOf(api: string, collection: string, verbs: string): string[] {
  return verbs.split(' ').map((verb) => `${api}.${collection}.${verb}`);
}

export const seeProject = ['resourcemanager.projects.get'];

export const viewRun = [
  ...permissionsOf('run', 'services', 'get list'),
  ...permissionsOf('run', 'routes', 'get list'),
  ...permissionsOf('run', 'configurations', 'get list'),
  ...permissionsOf('run', 'revisions', 'get list'),
  ...permissionsOf('run', 'operations', 'get list'),
  ...permissionsOf('run', 'locations', 'list'),
  ...permissionsOf('run', 'services', 'getIamPolicy'),
];
export const invokeRun = ['run.routes.invoke', 'run.jobs.run'];
export const developRun = [
  ...viewRun,
  ...invokeRun,
  ...permissionsOf('run', 'services', 'create update delete'),
  ...permissionsOf('run', 'revisions', 'delete'),
  ...permissionsOf('run', 'operations', 'delete'),
];
export const administerRun = [...developRun, 'run.services.setIamPolicy'];

export const viewPubsub = [
  ...permissionsOf('pubsub', 'topics', 'get list'),
  ...permissionsOf('pubsub', 'subscriptions', 'get list'),
  ...permissionsOf('pubsub', 'snapshots', 'get list'),
];
export const publish = ['pubsub.topics.publish'];
export const subscribe = [
  'pubsub.subscriptions.consume',
  'pubsub.snapshots.seek',
  'pubsub.topics.attachSubscription',
];
export const editPubsub = [
  ...viewPubsub,
  ...publish,
  ...subscribe,
  ...permissionsOf('pubsub', 'topics', 'create update delete detachSubscription'),
  ...permissionsOf('pubsub', 'subscriptions', 'create update delete'),
  ...permissionsOf('pubsub', 'snapshots', 'create update delete'),
];
export const pubsubPolicies = ['topics', 'subscriptions', 'snapshots'].flatMap((collection) =>
  permissionsOf('pubsub', collection, 'getIamPolicy setIamPolicy'),
);

export const viewAccounts = permissionsOf('iam', 'serviceAccounts', 'get list');
export const viewKeys = permissionsOf('iam', 'serviceAccountKeys', 'get list');
export const administerKeys = [
  ...viewKeys,
  ...permissionsOf('iam', 'serviceAccountKeys', 'create delete enable disable'),
];
export const viewRoles = permissionsOf('iam', 'roles', 'get list');
export const administerRoles = [
  ...viewRoles,
  ...permissionsOf('iam', 'roles', 'create update delete undelete'),
];
export const administerAccounts = [
  ...viewAccounts,
  ...permissionsOf('iam', 'serviceAccounts', 'create update delete undelete enable disable'),
];
export const viewImages = [
  ...permissionsOf('artifactregistry', 'repositories', 'get list downloadArtifacts'),
  ...permissionsOf('artifactregistry', 'dockerimages', 'get list'),
  ...permissionsOf('artifactregistry', 'packages', 'get list'),
  ...permissionsOf('artifactregistry', 'versions', 'get list'),
  ...permissionsOf('artifactregistry', 'tags', 'get list'),
];
export const writeImages = [
  ...viewImages,
  ...permissionsOf('artifactregistry', 'repositories', 'uploadArtifacts'),
  ...permissionsOf('artifactregistry', 'tags', 'create update'),
];
export const administerImages = [
  ...writeImages,
  ...permissionsOf('artifactregistry', 'repositories', 'create update delete deleteArtifacts'),
  ...permissionsOf('artifactregistry', 'packages', 'delete'),
  ...permissionsOf('artifactregistry', 'versions', 'delete'),
  ...permissionsOf('artifactregistry', 'tags', 'delete'),
];
export const viewBuilds = permissionsOf('cloudbuild', 'builds', 'get list');
export const editBuilds = [
  ...viewBuilds,
  ...permissionsOf('cloudbuild', 'builds', 'create update'),
];
export const administerStorage = [
  ...permissionsOf('storage', 'buckets', 'get list create update delete'),
  ...permissionsOf('storage', 'objects', 'get list create update delete'),
];
export const viewServices = permissionsOf('serviceusage', 'services', 'get list');
export const administerServices = [
  ...viewServices,
  ...permissionsOf('serviceusage', 'services', 'enable disable'),
];
