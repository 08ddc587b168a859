import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Principal } from '../iam/access.ts';
import type { Iam } from '../iam/iam.ts';
import {
  type Authentication,
  authenticate,
  type IdTokenVerifier,
  type KnownAccounts,
} from './authenticate.ts';
import { containerHeaders } from './container-headers.ts';
import { credentialOf } from './credential.ts';
import { forward } from './forward.ts';
import { hostOf, type InboundRequest, inboundFrom, pathOf } from './inbound-request.ts';
import {
  forbidden,
  internalError,
  methodNotAllowed,
  notFound,
  type Refusal,
  sendRefusal,
  unauthorized,
  unavailable,
} from './refusal-page.ts';
import { isReservedPath } from './reserved-paths.ts';
import { type CheckedToken, type StripMode, stripSignatures } from './signature-stripping.ts';

/** A service as the front door sees it. */
export interface FrontDoorService {
  name: string;
  /** Full resource name. */
  resource: string;
  /** Its URLs without a trailing slash: the hosts it answers to, and audiences it accepts. */
  urls: readonly string[];
  customAudiences: readonly string[];
  /** Takes requests of its VPC network only: nothing here comes from one. */
  isInternal?: boolean;
  /** Whether everybody may call it, without any binding. */
  isOpen?: boolean;
  /** Default 300 s, https://cloud.google.com/run/docs/configuring/request-timeout */
  requestTimeoutMs?: number;
  /** The container that gets the next request; `undefined` while none is running. */
  instance(): { port: number; serves?(response: ServerResponse): void } | undefined;
}

export interface FrontDoorOptions {
  /** Asked on every request: services come and go. */
  services(): readonly FrontDoorService[];
  iam: Pick<Iam, 'authorize' | 'check' | 'record'>;
  idTokens: IdTokenVerifier;
  accounts: KnownAccounts;
  clock: Clock;
  strip?: StripMode;
  /** Told of everything that is no decision of IAM: unknown hosts, containers that are down. */
  notify?: (sentence: string) => void;
  /** Default 32 MiB, https://cloud.google.com/run/quotas#request_limits */
  maxBodyBytes?: number;
}

/** What came of looking at a request's credential. */
type Admission = { admitted: true; checked?: CheckedToken } | { admitted: false; refusal: Refusal };

/** Why a token is refused before IAM is asked. */
type RefusedToken = Omit<Extract<Authentication, { ok: false }>, 'ok'>;

const invoke = 'run.routes.invoke';

/**
 * On a public service a token that is no good does not matter: the request goes through with its
 * Authorization untouched. That is how services that check tokens of their own (Firebase, Auth0)
 * behind `allUsers` work [O].
 */
const publicServicesIgnoreTokens = true;

/** Whoever is outside does not learn that there is such a service [O]. */
const outsideOfIngress = notFound;

/** [I] The token of a deleted account is no bad token: the answer is that of IAM. */
const toDeletedAccounts = forbidden;

/** Cloud Run's front door: who may call which service, and what the container sees of the request. */
export class FrontDoor {
  /** May be changed at any time. */
  strip: StripMode;
  readonly #options: FrontDoorOptions;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.strip = options.strip ?? 'google';
  }

  /** A handler for `http.createServer` or `https.createServer`; TLS has ended before it. */
  readonly handler = (request: IncomingMessage, response: ServerResponse): void => {
    void this.handle(inboundFrom(request), response);
  };

  /** Serves one request. Never rejects. */
  async handle(
    inbound: InboundRequest,
    response: ServerResponse,
    mapResponseHeaders?: (rawHeaders: string[]) => string[],
  ): Promise<void> {
    try {
      await this.#serve(inbound, response, mapResponseHeaders);
    } catch (error) {
      this.#notify(`Cloud Run's front door failed: ${(error as Error).message}`);
      sendRefusal(response, internalError);
    }
  }

  /** Closes the kept-alive connections to the containers. */
  close(): void {
    this.#agent.destroy();
  }

  async #serve(
    inbound: InboundRequest,
    response: ServerResponse,
    mapResponseHeaders?: (rawHeaders: string[]) => string[],
  ): Promise<void> {
    const path = pathOf(inbound);
    const host = inbound.headers.host?.[0] ?? '';
    const service = this.#serviceAt(hostOf(inbound));
    if (!service) {
      this.#notify(`There is no Cloud Run service at ${host || 'a request without Host'}.`);
      return sendRefusal(response, notFound(path));
    }
    if (service.isInternal) {
      this.#notify(
        `${service.name} takes requests of its VPC network only (ingress), and nothing here comes from one.`,
      );
      return sendRefusal(response, outsideOfIngress(path));
    }
    if (isReservedPath(path)) {
      this.#notify(`Google keeps the path ${path} for itself: ${service.name} never sees it.`);
      return sendRefusal(response, notFound(path));
    }
    if (inbound.method === 'TRACE' || inbound.method === 'CONNECT') {
      return sendRefusal(response, methodNotAllowed);
    }
    const admission = await this.#admit(inbound, service);
    if (!admission.admitted) return sendRefusal(response, admission.refusal);
    // The client may have left while its token was looked at.
    if (response.destroyed) return;

    const instance = service.instance();
    if (!instance) {
      this.#notify(`${service.name} is not running.`);
      return sendRefusal(response, unavailable);
    }
    instance.serves?.(response);
    const headers = stripSignatures(containerHeaders(inbound), admission.checked, this.strip);
    forward(inbound, response, {
      port: instance.port,
      headers: { ...headers, host },
      agent: this.#agent,
      clock: this.#options.clock,
      timeoutMs: service.requestTimeoutMs ?? 300_000,
      maxBodyBytes: this.#options.maxBodyBytes ?? 32 * 1024 * 1024,
      onFailure: (reason) => this.#notify(`${service.name} ${reason}.`),
      mapResponseHeaders,
    });
  }

  #serviceAt(name: string): FrontDoorService | undefined {
    return this.#options.services().find(({ urls }) => urls.includes(`https://${name}`));
  }

  async #admit(inbound: InboundRequest, service: FrontDoorService): Promise<Admission> {
    // https://cloud.google.com/run/docs/securing/managing-access#invoker_check
    if (service.isOpen) return { admitted: true };
    const { iam, idTokens, accounts } = this.#options;
    const path = pathOf(inbound);
    const action = `${inbound.method} ${path}`;
    const http = { host: hostOf(inbound), path };
    const request = (principal: Principal) =>
      ({ principal, permission: invoke, resource: service.resource, http }) as const;
    const decide = (principal: Principal, checked?: CheckedToken): Admission =>
      iam.authorize(request(principal), action).allowed
        ? { admitted: true, ...(checked && { checked }) }
        : { admitted: false, refusal: forbidden(path) };
    const refuseToken = ({ reason, account, ...whose }: RefusedToken): Admission => {
      const principal: Principal = whose.principal ?? 'anonymous';
      const isPublic = iam.check(request('anonymous')).allowed;
      if (publicServicesIgnoreTokens && isPublic && !account) return decide('anonymous');
      const closest = account && ({ kind: 'account', state: account } as const);
      const refused = { allowed: false, reason, closest, remedy: undefined } as const;
      iam.record({ ...request(principal), ...refused }, action);
      return { admitted: false, refusal: account ? toDeletedAccounts(path) : unauthorized(path) };
    };

    const credential = credentialOf(inbound);
    if (credential.kind === 'none') return decide('anonymous');
    if (credential.kind === 'unusable') return refuseToken(credential);
    const { header, token } = credential;
    const authentication = await authenticate(credential, {
      idTokens,
      accounts,
      service: service.name,
      audiences: [...service.urls, ...service.customAudiences],
    });
    if (!authentication.ok) return refuseToken(authentication);
    return decide(authentication.principal, { header, token, claims: authentication.claims });
  }

  #notify(sentence: string): void {
    this.#options.notify?.(sentence);
  }
}
