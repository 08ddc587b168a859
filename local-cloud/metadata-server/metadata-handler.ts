import type { IncomingMessage, ServerResponse } from 'node:http';
import { givesExpiredToken } from '../faults/expired-token.ts';
import type { ServiceAccount } from '../iam/service-accounts.ts';
import type { Notify } from '../rest/rest-api.ts';
import {
  asJson,
  asRecursiveText,
  asText,
  defaultScopes,
  isDirectory,
  type MetadataNode,
  metadataTree,
  nodeAt,
} from './metadata-tree.ts';
import {
  ServiceAccountTokens,
  type ServiceAccountTokensOptions,
} from './service-account-tokens.ts';

export interface MetadataHandlerOptions extends ServiceAccountTokensOptions {
  project: { id: string; number: string };
  region: string;
  /** Told, in a sentence, that there are no tokens. */
  notify?: Notify;
}

const root = '/computeMetadata/v1';
const tokenPath = /^\/instance\/service-accounts\/([^/]+)\/(token|identity)$/;

/** [O] The texts of the refusals. */
const text = {
  noFlavor: 'Missing Metadata-Flavor:Google header.',
  forwarded: 'Requests with an X-Forwarded-For header are refused.',
  noAudience: 'non-empty audience parameter required',
  badFormat: 'format must be one of full, standard',
  notFound: 'The requested URL was not found on this server.',
  notAllowed: 'Only GET is allowed.',
} as const;

/** [I] What Google answers for an account that is disabled or deleted. Clients do not retry it. */
const noTokens = {
  status: 403,
  text: 'The service account of this instance is disabled or deleted.',
} as const;

/** Answers one request to the metadata server. */
export class MetadataHandler {
  readonly #email: string;
  readonly #tree: MetadataNode;
  readonly #tokens: ServiceAccountTokens;
  readonly #notify: Notify;

  constructor(options: MetadataHandlerOptions) {
    const { email, project, region, notify = () => {} } = options;
    this.#email = email.toLowerCase();
    this.#tree = metadataTree({ email: this.#email, project, region });
    this.#notify = notify;
    this.#tokens = new ServiceAccountTokens(options);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Proof that a program on the instance asks, and neither a browser nor a proxy on behalf of others:
    // https://cloud.google.com/compute/docs/metadata/querying-metadata#parts-of-a-request
    if (request.headers['metadata-flavor'] !== 'Google') {
      sendText(response, 403, text.noFlavor);
    } else if (request.headers['x-forwarded-for'] !== undefined) {
      sendText(response, 403, text.forwarded);
    } else if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      sendText(response, 405, text.notAllowed);
    } else {
      await this.#get(request.url ?? '/', response);
    }
  }

  async #get(target: string, response: ServerResponse): Promise<void> {
    const { path, query } = split(target);
    if (path === '/') {
      sendText(response, 200, 'computeMetadata/\n');
      return;
    }
    if (path === '/computeMetadata' || path === '/computeMetadata/') {
      sendText(response, 200, 'v1/\n');
      return;
    }
    const below =
      path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
    const [, account, kind] = (below && tokenPath.exec(below)) || [];
    if (below === undefined) {
      sendText(response, 404, text.notFound);
    } else if (kind === undefined) {
      this.#sendNode(below, query, response);
    } else if (account !== 'default' && account?.toLowerCase() !== this.#email) {
      sendText(response, 404, text.notFound);
    } else {
      await this.#sendToken(kind, query, response);
    }
  }

  async #sendToken(kind: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const account = this.#tokens.account();
    if (account === undefined) {
      this.#notify(
        `the metadata server has no tokens of ${this.#email}: the account is disabled or deleted`,
      );
      sendText(response, noTokens.status, noTokens.text);
    } else if (kind === 'token') {
      this.#sendAccessToken(account, query, response);
    } else {
      await this.#sendIdToken(account, query, response);
    }
  }

  #sendAccessToken(
    account: ServiceAccount,
    query: URLSearchParams,
    response: ServerResponse,
  ): void {
    const asked = (query.get('scopes') ?? '').split(',').filter((scope) => scope !== '');
    const scopes = asked.length > 0 ? asked : defaultScopes;
    const { token, expiresInSeconds } = givesExpiredToken(response)
      ? this.#tokens.expiredAccessToken(account, scopes)
      : this.#tokens.accessToken(account, scopes);
    sendJson(response, {
      access_token: token,
      expires_in: expiresInSeconds,
      token_type: 'Bearer',
    });
  }

  async #sendIdToken(
    account: ServiceAccount,
    query: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const audience = query.get('audience');
    const format = query.get('format') ?? 'standard';
    if (!audience) {
      sendText(response, 400, text.noAudience);
    } else if (format !== 'full' && format !== 'standard') {
      sendText(response, 400, text.badFormat);
    } else {
      const includeEmail = format === 'full';
      const token = givesExpiredToken(response)
        ? this.#tokens.expiredIdToken(account, audience, includeEmail)
        : this.#tokens.idToken(account, audience, includeEmail);
      sendText(response, 200, await token);
    }
  }

  #sendNode(path: string, query: URLSearchParams, response: ServerResponse): void {
    const node = nodeAt(this.#tree, path);
    const recursive = query.get('recursive')?.toLowerCase() === 'true';
    if (node === undefined) {
      sendText(response, 404, text.notFound);
    } else if (recursive && isDirectory(node)) {
      if (query.get('alt') === 'text') sendText(response, 200, asRecursiveText(node));
      else sendJson(response, asJson(node));
    } else if (query.get('alt') === 'json') {
      sendJson(response, isDirectory(node) ? asText(node).trimEnd().split('\n') : asJson(node));
    } else {
      sendText(response, 200, asText(node));
    }
  }
}

/**
 * Path and query of a request. Clients put the audience in as it is, without encoding. The query is
 * then read like any other [I]: what follows an `&` inside the audience is a parameter of its own, the
 * audience ends there; `?`, `=`, `:` and `/` inside it do no harm. Whoever needs an `&` encodes it.
 */
function split(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return {
    path: path.replaceAll(/%40/gi, '@'),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
  };
}

function sendText(response: ServerResponse, status: number, body: string): void {
  send(response, status, 'application/text', body);
}

function sendJson(response: ServerResponse, body: unknown): void {
  send(response, 200, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': type, 'content-length': length });
  response.end(body);
}
