import type { PolicyTarget } from '../../iam/policy-methods.ts';
import { serviceResource } from '../../iam/resource-names.ts';
import { iamPolicyMethods } from '../../rest/iam-policy.ts';
import type { RestCall, RestMethod } from '../../rest/rest-api.ts';
import { type CloudRunAdmin, existingService, placeOf } from './find-services.ts';
import { knativeMethods } from './knative-methods.ts';
import { listLocations } from './list-locations.ts';
import { v2Methods } from './v2-methods.ts';

/**
 * Cloud Run's Admin API as far as it reads services and changes who may do what with them, for
 * `run.googleapis.com` and every `REGION-run.googleapis.com`.
 */
export function cloudRunMethods(services: CloudRunAdmin): RestMethod[] {
  const policies = { access: services.iam, policies: services.iam.policies };
  const targetOf = (call: RestCall): PolicyTarget => {
    const place = placeOf(services, call);
    const { service = '' } = call.params;
    return {
      resource: serviceResource(place.project, place.region, service),
      permissions: 'run.services',
      requireExistence: () => void existingService(services, place, service),
    };
  };
  const policyMethods = ['v1', 'v2'].flatMap((version) =>
    iamPolicyMethods(policies, {
      api: `google.cloud.run.${version}.Services`,
      path: `/${version}/projects/{project}/locations/{region}/services/{service}`,
      getVerb: 'GET',
      targetOf,
    }),
  );
  return [
    ...policyMethods,
    ...knativeMethods(services),
    ...v2Methods(services),
    listLocations(services),
  ];
}
