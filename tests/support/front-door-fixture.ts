// What the tests of this folder share: a front door before a container that remembers its requests.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { AdjustableClock } from '../../local-cloud/clock.ts';
import type { IdTokenClaims, IdTokenVerifier } from '../../local-cloud/cloud-run/authenticate.ts';
import {
  FrontDoor,
  type FrontDoorOptions,
  type FrontDoorService,
} from '../../local-cloud/cloud-run/front-door.ts';
import { Iam } from '../../local-cloud/iam/iam.ts';
import { serviceResource } from '../../local-cloud/iam/resource-names.ts';

export const resource = serviceResource('demo-project', 'europe-west1', 'receiver');
export const host = 'receiver-123456789012.europe-west1.run.app';
export const legacyHost = 'receiver-abcdefghij-ew.a.run.app';
export const callerEmail = 'caller@demo-project.iam.gserviceaccount.com';
export const callerUniqueId = '100000000000000000001';
export const customAudience = 'custom-audience';

/** A token that {@link verifier} takes for genuine; `signature` makes it a bad one. */
export function token(claims: Partial<IdTokenClaims> = {}, signature = 'genuine'): string {
  const payload = {
    iss: 'https://accounts.google.com',
    aud: `https://${host}`,
    sub: callerUniqueId,
    email: callerEmail,
    email_verified: true,
    iat: 0,
    exp: 3600,
    ...claims,
  };
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `header.${encoded}.${signature}`;
}

const verifier: IdTokenVerifier = {
  async verify(candidate) {
    const [, payload = '', signature] = candidate.split('.');
    if (signature === 'broken') throw new Error('certificates are gone');
    if (signature !== 'genuine') return { ok: false, reason: 'expired' };
    return { ok: true, claims: JSON.parse(Buffer.from(payload, 'base64url').toString()) };
  },
};

export interface SeenRequest {
  method: string | undefined;
  url: string | undefined;
  headers: NodeJS.Dict<string[]>;
  body: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A container, IAM with the caller as invoker, and the front door between client and container. */
export class Fixture implements AsyncDisposable {
  readonly clock = new AdjustableClock();
  readonly iam = new Iam({ clock: this.clock });
  readonly seen: SeenRequest[] = [];
  readonly notices: string[] = [];
  readonly frontDoor: FrontDoor;
  containerPort: number | undefined;
  /** How the service is set up besides. */
  settings: Partial<FrontDoorService> = {};
  readonly #container: Server;
  readonly #server: Server;
  port = 0;

  static async start(
    options: Partial<FrontDoorOptions> = {},
    container?: RequestListener,
  ): Promise<Fixture> {
    const fixture = new Fixture(options, container);
    fixture.containerPort = await listen(fixture.#container);
    fixture.port = await listen(fixture.#server);
    return fixture;
  }

  private constructor(options: Partial<FrontDoorOptions>, container?: RequestListener) {
    this.iam.policies.addBinding(resource, 'roles/run.invoker', `serviceAccount:${callerEmail}`);
    const service = (name: string, urls: string[], port: () => number | undefined) => ({
      name,
      resource,
      urls,
      customAudiences: [customAudience],
      instance: () => {
        const open = port();
        return open === undefined ? undefined : { port: open };
      },
      ...this.settings,
    });
    this.frontDoor = new FrontDoor({
      services: () => [
        service('receiver', [`https://${host}`, `https://${legacyHost}`], () => this.containerPort),
      ],
      iam: this.iam,
      idTokens: verifier,
      accounts: {
        byUniqueId: (id) => (id === callerUniqueId ? { email: callerEmail } : undefined),
        stateOf: () => 'unknown',
      },
      clock: this.clock,
      notify: (sentence) => this.notices.push(sentence),
      ...options,
    });
    this.#server = createServer(this.frontDoor.handler);
    this.#container = createServer(
      container ??
        ((request, response) => void this.#remember(request).then(() => response.end('ok'))),
    );
  }

  /** The reasons of the recorded decisions. */
  reasons(): string[] {
    return this.iam.decisions.since(0).map(({ decision }) => decision.reason);
  }

  /** Sends a request byte by byte as given: nothing is added but the end of the head. */
  async raw(head: string[], body = '', port = this.port): Promise<Answer> {
    const socket = connect(port, '127.0.0.1');
    socket.write(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
    return parseAnswer(await text(socket));
  }

  /** `GET path` to the service, with the given header lines. */
  get(lines: string[] = [], path = '/'): Promise<Answer> {
    return this.raw([`GET ${path} HTTP/1.1`, `Host: ${host}`, ...lines]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.frontDoor.close();
    for (const server of [this.#server, this.#container]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  async #remember(request: IncomingMessage): Promise<void> {
    const { method, url, headersDistinct: headers } = request;
    this.seen.push({ method, url, headers, body: await text(request) });
  }
}

function parseAnswer(answer: string): Answer {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
