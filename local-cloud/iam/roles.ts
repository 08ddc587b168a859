/** A role: a name for a set of permissions. */
export interface Role {
  /** For example `roles/run.invoker`. */
  name: string;
  title: string;
  permissions: ReadonlySet<string>;
}

/** The roles that exist, by name. */
export interface RoleCatalog {
  get(name: string): Role | undefined;
  has(name: string): boolean;
  values(): Iterable<Role>;
}

/** `permissionsOf('run', 'routes', 'get list')` → `run.routes.get`, `run.routes.list`. */
function permissionsOf(api: string, collection: string, verbs: string): string[] {
  return verbs.split(' ').map((verb) => `${api}.${collection}.${verb}`);
}

const seeProject = ['resourcemanager.projects.get'];

const viewRun = [
  ...permissionsOf('run', 'services', 'get list'),
  ...permissionsOf('run', 'routes', 'get list'),
  ...permissionsOf('run', 'configurations', 'get list'),
  ...permissionsOf('run', 'revisions', 'get list'),
  ...permissionsOf('run', 'operations', 'get list'),
  ...permissionsOf('run', 'locations', 'list'),
  ...permissionsOf('run', 'services', 'getIamPolicy'),
];
const invokeRun = ['run.routes.invoke', 'run.jobs.run'];
const developRun = [
  ...viewRun,
  ...invokeRun,
  ...permissionsOf('run', 'services', 'create update delete'),
  ...permissionsOf('run', 'revisions', 'delete'),
  ...permissionsOf('run', 'operations', 'delete'),
];
const administerRun = [...developRun, 'run.services.setIamPolicy'];

const viewPubsub = [
  ...permissionsOf('pubsub', 'topics', 'get list'),
  ...permissionsOf('pubsub', 'subscriptions', 'get list'),
  ...permissionsOf('pubsub', 'snapshots', 'get list'),
];
const publish = ['pubsub.topics.publish'];
const subscribe = [
  'pubsub.subscriptions.consume',
  'pubsub.snapshots.seek',
  'pubsub.topics.attachSubscription',
];
const editPubsub = [
  ...viewPubsub,
  ...publish,
  ...subscribe,
  ...permissionsOf('pubsub', 'topics', 'create update delete detachSubscription'),
  ...permissionsOf('pubsub', 'subscriptions', 'create update delete'),
  ...permissionsOf('pubsub', 'snapshots', 'create update delete'),
];
const pubsubPolicies = ['topics', 'subscriptions', 'snapshots'].flatMap((collection) =>
  permissionsOf('pubsub', collection, 'getIamPolicy setIamPolicy'),
);

const viewAccounts = permissionsOf('iam', 'serviceAccounts', 'get list');
const administerAccounts = [
  ...viewAccounts,
  ...permissionsOf('iam', 'serviceAccounts', 'create update delete undelete enable disable'),
];
const viewServices = permissionsOf('serviceusage', 'services', 'get list');

/**
 * Google's predefined roles as far as they concern the services that the local cloud has: of the
 * basic roles (owner, editor, viewer) only that part.
 * https://cloud.google.com/iam/docs/roles-permissions
 *
 * Two facts that surprise: editors may invoke every Cloud Run service of the project
 * (https://cloud.google.com/run/docs/authenticating/overview), and not even owners may make tokens
 * for a service account (https://cloud.google.com/iam/docs/service-account-permissions).
 */
export const predefinedRoles: ReadonlyMap<string, Role> = new Map(
  (
    [
      ['roles/run.invoker', 'Cloud Run Invoker', invokeRun],
      ['roles/run.viewer', 'Cloud Run Viewer', [...viewRun, ...seeProject]],
      ['roles/run.developer', 'Cloud Run Developer', [...developRun, ...seeProject]],
      ['roles/run.admin', 'Cloud Run Admin', [...administerRun, ...seeProject]],

      ['roles/pubsub.publisher', 'Pub/Sub Publisher', publish],
      ['roles/pubsub.subscriber', 'Pub/Sub Subscriber', subscribe],
      ['roles/pubsub.viewer', 'Pub/Sub Viewer', [...viewPubsub, ...viewServices, ...seeProject]],
      ['roles/pubsub.editor', 'Pub/Sub Editor', [...editPubsub, ...viewServices, ...seeProject]],
      [
        'roles/pubsub.admin',
        'Pub/Sub Admin',
        [...editPubsub, ...pubsubPolicies, ...viewServices, ...seeProject],
      ],

      [
        'roles/iam.serviceAccountTokenCreator',
        'Service Account Token Creator',
        [
          ...viewAccounts,
          ...permissionsOf(
            'iam',
            'serviceAccounts',
            'getAccessToken getOpenIdToken implicitDelegation signBlob signJwt',
          ),
        ],
      ],
      [
        'roles/iam.serviceAccountOpenIdTokenCreator',
        'Service Account OpenID Connect Identity Token Creator',
        ['iam.serviceAccounts.getOpenIdToken'],
      ],
      [
        'roles/iam.serviceAccountUser',
        'Service Account User',
        ['iam.serviceAccounts.actAs', ...viewAccounts, ...seeProject],
      ],
      [
        'roles/iam.serviceAccountAdmin',
        'Service Account Admin',
        [
          ...administerAccounts,
          ...permissionsOf('iam', 'serviceAccounts', 'getIamPolicy setIamPolicy'),
          ...seeProject,
        ],
      ],
      [
        'roles/iam.securityAdmin',
        'Security Admin',
        [
          ...permissionsOf('run', 'services', 'getIamPolicy setIamPolicy list'),
          ...pubsubPolicies,
          ...permissionsOf('pubsub', 'topics', 'list'),
          ...permissionsOf('pubsub', 'subscriptions', 'list'),
          ...permissionsOf('iam', 'serviceAccounts', 'getIamPolicy setIamPolicy list'),
          ...permissionsOf('iam', 'roles', 'get list'),
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy setIamPolicy'),
        ],
      ],
      [
        'roles/resourcemanager.projectIamAdmin',
        'Project IAM Admin',
        permissionsOf('resourcemanager', 'projects', 'get getIamPolicy setIamPolicy'),
      ],

      [
        'roles/viewer',
        'Viewer',
        [
          ...viewRun,
          ...viewPubsub,
          ...viewAccounts,
          ...viewServices,
          ...permissionsOf('iam', 'roles', 'get list'),
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy'),
        ],
      ],
      [
        'roles/editor',
        'Editor',
        [
          ...developRun,
          ...editPubsub,
          ...administerAccounts,
          'iam.serviceAccounts.actAs',
          ...viewServices,
          ...permissionsOf('iam', 'roles', 'get list'),
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy update'),
        ],
      ],
      [
        'roles/owner',
        'Owner',
        [
          ...administerRun,
          ...editPubsub,
          ...pubsubPolicies,
          ...administerAccounts,
          ...permissionsOf('iam', 'serviceAccounts', 'actAs getIamPolicy setIamPolicy'),
          ...viewServices,
          ...permissionsOf('iam', 'roles', 'get list create update delete'),
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy setIamPolicy update'),
        ],
      ],
    ] as const
  ).map(([name, title, permissions]) => [name, { name, title, permissions: new Set(permissions) }]),
);
