import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, invalidArgument } from '../network/api-error.ts';
import { describeCall, sendApiError, sendNotImplemented } from '../network/google-error.ts';
import type { HttpHandler } from '../network/host-router.ts';
import type { TokenHolder } from '../tokens/access-tokens.ts';
import type { Authenticate } from '../tokens/bearer-authentication.ts';
import { pathTemplate } from './path-template.ts';
import { readJson } from './read-json.ts';

/** One call, authenticated and read. */
export interface RestCall {
  principal: TokenHolder;
  /** The bare host name that was called: a regional API finds its region there. */
  host: string;
  /** The variables of the path, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The JSON object of the body; empty if there is none. */
  body: Record<string, unknown>;
  /** Calls back once if the client goes before the answer. */
  onCancelled(callback: () => void): void;
}

/** One method of an API. What `handle` answers is sent as JSON; it throws {@link ApiError}. */
export interface RestMethod {
  /** As Google calls it, for example `google.iam.admin.v1.CreateServiceAccount`. */
  name: string;
  verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A template, see {@link pathTemplate}. */
  path: string;
  handle(call: RestCall): unknown;
}

/** Reports what a person at the terminal should know, in a sentence. */
export type Notify = (sentence: string) => void;

export interface RestApiOptions {
  /** The host's name without a region: `run.googleapis.com`. */
  service: string;
  methods: readonly RestMethod[];
  authenticate: Authenticate;
  notify: Notify;
  /** For injected faults: runs around each call that there is a method for. */
  aroundCall?: (method: string, proceed: () => Promise<unknown>) => Promise<unknown>;
}

/**
 * Serves one of Google's REST APIs: finds the method, authenticates, reads the body, and answers JSON or
 * Google's error envelope. What is not there is answered with 501 and reported.
 */
export function restApi(options: RestApiOptions): HttpHandler {
  const { service, authenticate, notify, aroundCall = (_method, proceed) => proceed() } = options;
  const methods = options.methods.map((method) => ({
    ...method,
    template: pathTemplate(method.path),
  }));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const found = find(methods, request.method, path);
    if (!found) {
      sendNotImplemented(request, response, notify);
      return;
    }
    const { name, handle, params } = found;
    const result = await aroundCall(name, async () => {
      const authorization = request.headersDistinct.authorization ?? [];
      const principal = authenticate(authorization, { service, method: name });
      const parameters = new URLSearchParams(query);
      checkAlt(parameters);
      const body = await readJson(request);
      const onCancelled = (callback: () => void) => response.once('close', callback);
      const { host = '' } = request.headers;
      return await handle({ principal, host, params, query: parameters, body, onCancelled });
    });
    sendJson(response, result);
  }

  return async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) return;
      if (error instanceof ApiError) {
        if (error.code === 'UNIMPLEMENTED') notify(`${describeCall(request)}: ${error.message}`);
        return sendApiError(response, error);
      }
      notify(`${describeCall(request)} failed here: ${String(error)}`);
      sendApiError(response, new ApiError('INTERNAL', 'Internal error of the local cloud.'));
    }
  };
}

function find<Method extends RestMethod & { template: ReturnType<typeof pathTemplate> }>(
  methods: readonly Method[],
  verb: string | undefined,
  path: string,
): (Method & { params: Record<string, string> }) | undefined {
  for (const method of methods) {
    if (method.verb !== verb) continue;
    const params = matchOrRefuse(method.template, path);
    if (params) return { ...method, params };
  }
  return undefined;
}

function matchOrRefuse(template: ReturnType<typeof pathTemplate>, path: string) {
  try {
    return template.match(path);
  } catch {
    throw invalidArgument(
      'The path of the request has a broken percent escape, or one of a slash or a control character.',
    );
  }
}

/**
 * https://cloud.google.com/apis/docs/system-parameters; Google's generated clients ask for enums as
 * numbers, and take the names that they get here.
 */
function checkAlt(query: URLSearchParams): void {
  const alt = query.get('alt') ?? query.get('$alt') ?? 'json';
  if (alt === 'json' || alt === 'json;enum-encoding=int') return;
  throw invalidArgument(`The value ${alt} of alt is not supported; use json.`);
}

function sendJson(response: ServerResponse, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'cache-control': 'private',
  });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
