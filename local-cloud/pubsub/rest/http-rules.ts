import { z } from 'zod';
import type { RestMethod } from '../../rest/rest-api.ts';
import type { ProtocolMethod } from '../protocol/protocol.ts';

/** One way to call a method over HTTP. */
export interface HttpRule extends Pick<RestMethod, 'verb' | 'path'> {
  /** Whether the body is the request (`*`, as for all methods that exist here); otherwise there is none. */
  hasBody: boolean;
}

/** https://github.com/googleapis/googleapis/blob/master/google/api/http.proto */
const annotation = z.object({
  get: z.string().optional(),
  put: z.string().optional(),
  post: z.string().optional(),
  patch: z.string().optional(),
  delete: z.string().optional(),
  body: z.string().optional(),
});
const verbs = ['get', 'put', 'post', 'patch', 'delete'] as const;

/**
 * The IAM methods are the same for all APIs, and each API says where it has them; Pub/Sub in
 * https://github.com/googleapis/googleapis/blob/master/google/pubsub/v1/pubsub_v1.yaml
 */
const policyRules: Readonly<Record<string, HttpRule[]>> = {
  'google.iam.v1.IAMPolicy.GetIamPolicy': onPolicies('GET', 'getIamPolicy'),
  'google.iam.v1.IAMPolicy.SetIamPolicy': onPolicies('POST', 'setIamPolicy'),
  'google.iam.v1.IAMPolicy.TestIamPermissions': onPolicies('POST', 'testIamPermissions'),
};

function onPolicies(verb: 'GET' | 'POST', action: string): HttpRule[] {
  return ['topics', 'subscriptions'].map((kind) => ({
    verb,
    path: `/v1/{resource=projects/*/${kind}/*}:${action}`,
    hasBody: verb === 'POST',
  }));
}

/** How a method is called over HTTP; none if it cannot be, as StreamingPull. */
export function httpRules({ name, options }: ProtocolMethod): HttpRule[] {
  const ofPolicy = policyRules[name];
  if (ofPolicy) return ofPolicy;
  const annotated = annotation.optional().parse(options['(google.api.http)']);
  const verb = verbs.find((candidate) => annotated?.[candidate] !== undefined);
  const path = verb && annotated?.[verb];
  if (!path) return [];
  const upper = verb.toUpperCase() as HttpRule['verb'];
  return [{ verb: upper, path, hasBody: annotated.body !== undefined }];
}
