import {
  administerAccounts,
  administerImages,
  administerKeys,
  administerRoles,
  administerRun,
  administerServices,
  administerStorage,
  developRun,
  editBuilds,
  editPubsub,
  invokeRun,
  permissionsOf,
  publish,
  pubsubPolicies,
  seeProject,
  subscribe,
  viewAccounts,
  viewBuilds,
  viewImages,
  viewKeys,
  viewPubsub,
  viewRoles,
  viewRun,
  viewServices,
  writeImages,
} from './role-permissions.ts';

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

      ['roles/artifactregistry.reader', 'Artifact Registry Reader', viewImages],
      ['roles/artifactregistry.writer', 'Artifact Registry Writer', writeImages],
      ['roles/artifactregistry.admin', 'Artifact Registry Administrator', administerImages],

      ['roles/cloudbuild.builds.viewer', 'Cloud Build Viewer', [...viewBuilds, ...seeProject]],
      ['roles/cloudbuild.builds.editor', 'Cloud Build Editor', [...editBuilds, ...seeProject]],

      ['roles/storage.admin', 'Storage Admin', [...administerStorage, ...seeProject]],

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
        'roles/iam.serviceAccountCreator',
        'Create Service Accounts',
        ['iam.serviceAccounts.create', ...viewAccounts, ...seeProject],
      ],
      [
        'roles/iam.serviceAccountDeleter',
        'Delete Service Accounts',
        ['iam.serviceAccounts.delete', ...viewAccounts, ...seeProject],
      ],
      [
        'roles/iam.serviceAccountViewer',
        'View Service Accounts',
        ['iam.serviceAccounts.getIamPolicy', ...viewAccounts, ...viewKeys, ...seeProject],
      ],
      [
        'roles/iam.serviceAccountKeyAdmin',
        'Service Account Key Admin',
        [...administerKeys, ...viewAccounts, ...seeProject],
      ],
      [
        'roles/iam.roleAdmin',
        'Role Administrator',
        [...administerRoles, ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy')],
      ],
      [
        'roles/iam.roleViewer',
        'Role Viewer',
        [...viewRoles, ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy')],
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
          ...viewRoles,
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy setIamPolicy'),
        ],
      ],
      [
        'roles/resourcemanager.projectIamAdmin',
        'Project IAM Admin',
        permissionsOf('resourcemanager', 'projects', 'get getIamPolicy setIamPolicy'),
      ],

      [
        'roles/browser',
        'Browser',
        permissionsOf('resourcemanager', 'projects', 'get getIamPolicy list'),
      ],

      ['roles/serviceusage.serviceUsageViewer', 'Service Usage Viewer', viewServices],
      ['roles/serviceusage.serviceUsageAdmin', 'Service Usage Admin', administerServices],

      [
        'roles/viewer',
        'Viewer',
        [
          ...viewRun,
          ...viewImages,
          ...viewBuilds,
          'storage.buckets.list',
          ...viewPubsub,
          ...viewAccounts,
          ...viewKeys,
          ...viewServices,
          ...viewRoles,
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy'),
        ],
      ],
      [
        'roles/editor',
        'Editor',
        [
          ...developRun,
          ...administerImages,
          ...editBuilds,
          ...permissionsOf('storage', 'buckets', 'list create delete'),
          ...editPubsub,
          ...administerAccounts,
          ...administerKeys,
          'iam.serviceAccounts.actAs',
          ...administerServices,
          ...viewRoles,
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy update'),
        ],
      ],
      [
        'roles/owner',
        'Owner',
        [
          ...administerRun,
          ...administerImages,
          ...editBuilds,
          ...permissionsOf('storage', 'buckets', 'list create delete'),
          ...editPubsub,
          ...pubsubPolicies,
          ...administerAccounts,
          ...administerKeys,
          ...permissionsOf('iam', 'serviceAccounts', 'actAs getIamPolicy setIamPolicy'),
          ...administerServices,
          ...administerRoles,
          ...permissionsOf('resourcemanager', 'projects', 'get getIamPolicy setIamPolicy update'),
        ],
      ],
    ] as const
  ).map(([name, title, permissions]) => [name, { name, title, permissions: new Set(permissions) }]),
);

/** Every permission that a predefined role has here: those that a custom role may have too. */
export const knownPermissions: ReadonlySet<string> = new Set(
  [...predefinedRoles.values()].flatMap(({ permissions }) => [...permissions]),
);
