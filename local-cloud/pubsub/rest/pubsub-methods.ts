import { unimplemented } from '../../network/api-error.ts';
import type { RestCall, RestMethod } from '../../rest/rest-api.ts';
import type { AnyOperation } from '../operations/operations.ts';
import { operationForm, type ProtocolMethod } from '../protocol/protocol.ts';
import { requestSizeFault } from '../protocol/request-limits.ts';
import { type HttpRule, httpRules } from './http-rules.ts';
import { readMessage } from './json/read-message.ts';
import { writeMessage } from './json/write-message.ts';
import { requestJson } from './request-json.ts';

/**
 * Pub/Sub's methods over REST: verb, path and JSON follow from Google's definitions, as they do at
 * Google, so that the operations are the same as over gRPC.
 */
export function pubsubMethods(
  methods: readonly ProtocolMethod[],
  operations: ReadonlyMap<string, AnyOperation>,
): RestMethod[] {
  return methods.flatMap((method) =>
    httpRules(method).map((rule) => {
      const { name } = method;
      const { verb, path } = rule;
      const operation = operations.get(name);
      if (operation) return { name, verb, path, handle: transcoded(method, rule, operation) };
      const handle = () => {
        throw unimplemented(name);
      };
      return { name, verb, path, handle };
    }),
  );
}

/** Serves an operation: JSON in, JSON out. */
function transcoded(
  { name, request, response }: ProtocolMethod,
  rule: HttpRule,
  operation: AnyOperation,
): (call: RestCall) => Promise<object> {
  return async (call) => {
    const json = requestJson(request, rule, call);
    const message = request.fromObject(readMessage(request, json));
    const sizeFault = requestSizeFault(name, request.encode(message).len);
    if (sizeFault) throw sizeFault;
    const { principal, onCancelled } = call;
    const input = request.toObject(message, operationForm) as never;
    return writeMessage(response, await operation(input, { principal, onCancelled }));
  };
}
