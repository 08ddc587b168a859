import { z } from 'zod';
import type { Policy } from '../iam/policy.ts';
import {
  getIamPolicy,
  type PolicyServices,
  type PolicyTarget,
  setIamPolicy,
  testIamPermissions,
} from '../iam/policy-methods.ts';
import { invalidArgument, unimplemented } from '../network/api-error.ts';
import { parseBody } from './parse-body.ts';
import type { RestCall, RestMethod } from './rest-api.ts';

const condition = z.strictObject({
  title: z.string().default(''),
  description: z.string().optional(),
  expression: z.string().default(''),
  location: z.string().optional(),
});

/** https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
const policySchema = z.strictObject({
  version: z.int().optional(),
  bindings: z
    .array(
      z.strictObject({
        role: z.string().default(''),
        members: z.array(z.string()).default([]),
        condition: condition.nullish(),
      }),
    )
    .default([]),
  // Bytes: gcloud sends them in the URL-safe alphabet, whichever it was told them in.
  etag: z
    .string()
    .regex(/^(?:[\w+/-]{4})*(?:[\w+/-]{2,3}={0,2})?$/, 'Base64 decoding failed')
    .transform((text) => Buffer.from(text, 'base64').toString('base64'))
    .optional(),
  auditConfigs: z.array(z.unknown()).optional(),
  kind: z.string().optional(),
  resourceId: z.string().optional(),
});
const setSchema = z.strictObject({
  policy: policySchema.nullish(),
  updateMask: z.string().optional(),
});
const getSchema = z.strictObject({
  options: z.strictObject({ requestedPolicyVersion: z.int().optional() }).optional(),
});
const testSchema = z.strictObject({ permissions: z.array(z.string()).default([]) });

/** What a client may name in `updateMask`; `version` comes along with the bindings. */
const maskable = new Set(['bindings', 'etag', 'version']);

/**
 * The three IAM methods of one kind of resource, over REST.
 *
 * @param path template of the resource without a verb, for example `/v1/projects/{project}`
 * @param getVerb the APIs differ: GET with the version in the query, or POST with it in the body
 */
export function iamPolicyMethods(
  services: PolicyServices,
  {
    api,
    path,
    getVerb,
    targetOf,
  }: {
    /** Prefix of the methods' names, for example `google.iam.admin.v1`. */
    api: string;
    path: string;
    getVerb: 'GET' | 'POST';
    /** @throws {ApiError} INVALID_ARGUMENT for names that cannot be */
    targetOf(call: RestCall): PolicyTarget;
  },
): RestMethod[] {
  return [
    {
      name: `${api}.GetIamPolicy`,
      verb: getVerb,
      path: `${path}:getIamPolicy`,
      handle: (call) => {
        const version = requestedVersion(call, getVerb);
        return policyJson(getIamPolicy(services, targetOf(call), call.principal, version));
      },
    },
    {
      name: `${api}.SetIamPolicy`,
      verb: 'POST',
      path: `${path}:setIamPolicy`,
      handle: (call) => {
        const { policy, updateMask = '' } = parseBody(setSchema, call.body);
        if (policy?.auditConfigs?.length) throw unimplemented('auditConfigs in policies');
        checkMask(updateMask.split(',').filter((field) => field !== ''));
        return policyJson(setIamPolicy(services, targetOf(call), call.principal, policy));
      },
    },
    {
      name: `${api}.TestIamPermissions`,
      verb: 'POST',
      path: `${path}:testIamPermissions`,
      handle: (call) => {
        const { permissions } = parseBody(testSchema, call.body);
        const { resource } = targetOf(call);
        const answer = testIamPermissions(services, resource, call.principal, permissions);
        return answer.permissions.length > 0 ? answer : {};
      },
    },
  ];
}

/** @throws {ApiError} INVALID_ARGUMENT for a mask that would leave the bindings as they are, too */
function checkMask(fields: readonly string[]): void {
  const unknown = fields.find((field) => !maskable.has(field));
  if (unknown !== undefined) throw invalidArgument(`Invalid updateMask field: ${unknown}.`);
  if (fields.length === 0 || fields.includes('bindings')) return;
  throw invalidArgument('The updateMask must name bindings: nothing else can be changed.');
}

function requestedVersion({ query, body }: RestCall, verb: 'GET' | 'POST'): number | undefined {
  const text = query.get('options.requestedPolicyVersion');
  // Of service accounts the method is a POST, and the version in the query all the same.
  if (text === null) {
    return verb === 'POST' ? parseBody(getSchema, body).options?.requestedPolicyVersion : undefined;
  }
  if (!/^\d$/.test(text)) {
    throw invalidArgument(`Invalid value at 'options.requested_policy_version': ${text}.`);
  }
  return Number(text);
}

/** Google leaves empty lists out. */
function policyJson({ version, bindings, etag }: Policy): object {
  return { version, ...(bindings.length > 0 && { bindings }), etag };
}
