import type { ApiServices } from './api-services.ts';
import { imageMethods } from './artifact-registry/image-methods.ts';
import { repositoryMethods } from './artifact-registry/repository-methods.ts';
import { cloudBuildMethods } from './cloud-build/cloud-build.ts';
import { cloudRunMethods } from './cloud-run/admin/cloud-run-admin.ts';
import { iamAdminMethods } from './iam/admin/iam-admin.ts';
import { iamCredentialsMethods } from './iam-credentials/iam-credentials.ts';
import type { HttpHandler } from './network/host-router.ts';
import { resourceManagerMethods } from './resource-manager/resource-manager.ts';
import { type Notify, type RestMethod, restApi } from './rest/rest-api.ts';
import { serviceUsageMethods } from './service-usage/service-usage.ts';
import { storageHandler } from './storage/storage-handler.ts';
import type { Authenticate } from './tokens/bearer-authentication.ts';

/** Google's REST APIs, by host name or pattern; those of Pub/Sub and of tokens stand with these. */
export function googleApis(
  services: ApiServices,
  context: { authenticate: Authenticate; notify: Notify },
): [pattern: string, handler: HttpHandler][] {
  const api = (service: string, methods: readonly RestMethod[]) =>
    restApi({ service, methods, ...context });
  const run = api('run.googleapis.com', cloudRunMethods(services));
  return [
    [
      'artifactregistry.googleapis.com',
      api('artifactregistry.googleapis.com', [
        ...repositoryMethods(services),
        ...imageMethods(services),
      ]),
    ],
    ['cloudbuild.googleapis.com', api('cloudbuild.googleapis.com', cloudBuildMethods(services))],
    ['storage.googleapis.com', storageHandler({ ...services, ...context })],
    ['run.googleapis.com', run],
    ['*-run.googleapis.com', run],
    ['iam.googleapis.com', api('iam.googleapis.com', iamAdminMethods(services))],
    [
      'iamcredentials.googleapis.com',
      api('iamcredentials.googleapis.com', iamCredentialsMethods(services)),
    ],
    [
      'cloudresourcemanager.googleapis.com',
      api('cloudresourcemanager.googleapis.com', resourceManagerMethods(services)),
    ],
    [
      'serviceusage.googleapis.com',
      api('serviceusage.googleapis.com', serviceUsageMethods(services)),
    ],
  ];
}
