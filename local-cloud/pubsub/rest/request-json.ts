import protobuf from 'protobufjs';
import type { RestCall } from '../../rest/rest-api.ts';
import type { HttpRule } from './http-rules.ts';
import { fieldOf, isJsonObject, type JsonObject } from './json/fields.ts';
import { invalidJson, unknownName } from './json/json-faults.ts';

/** https://cloud.google.com/apis/docs/system-parameters */
const systemParameters = new Set([
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
]);

/**
 * The request of a call as one JSON object: the body, the parameters of the query, and the variables of
 * the path, which count most.
 *
 * @throws {ApiError} INVALID_ARGUMENT for parameters that the request has not
 */
export function requestJson(
  type: protobuf.Type,
  { hasBody }: HttpRule,
  { body, query, params }: Pick<RestCall, 'body' | 'query' | 'params'>,
): JsonObject {
  const [unexpected] = hasBody ? [] : Object.keys(body);
  if (unexpected !== undefined) throw invalidJson([unknownName(unexpected, '')]);
  let json = body;
  for (const name of new Set(query.keys())) {
    if (systemParameters.has(name) || name.startsWith('$')) continue;
    const values = query.getAll(name);
    json = withValue(json, parameterPath(type, name), values.length === 1 ? values[0] : values);
  }
  for (const [path, value] of Object.entries(params))
    json = withValue(json, path.split('.'), value);
  return json;
}

/** `options.requested_policy_version` → the names of the fields in JSON. */
function parameterPath(type: protobuf.Type, name: string): string[] {
  let message: protobuf.Enum | protobuf.Type | null = type;
  return name.split('.').map((part) => {
    const field: protobuf.Field | undefined =
      message instanceof protobuf.Type ? fieldOf(message, part) : undefined;
    if (!field) {
      const why = `Cannot bind query parameter. Field '${name}' could not be found in request message.`;
      throw invalidJson([unknownName(name, '', why)]);
    }
    message = field.resolvedType;
    return field.name;
  });
}

/** A copy with a value at the path. What is there and is no object stays, to be refused when it is read. */
function withValue(json: JsonObject, [name = '', ...rest]: string[], value: unknown): JsonObject {
  if (rest.length === 0) return { ...json, [name]: value };
  const inner = json[name] ?? {};
  return isJsonObject(inner) ? { ...json, [name]: withValue(inner, rest, value) } : json;
}
