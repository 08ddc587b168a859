import { type Gcloud, GcloudError } from '../../deploy/gcloud.ts';
import { findChain } from '../../deploy/smoke/chain.ts';
import { runSmoke } from '../../deploy/smoke/run-smoke.ts';
import { loadTopology, resolveTopology } from '../../deploy/topology.ts';

export const ada = 'user:ada@example.com';
export const topology = resolveTopology(loadTopology(), {
  ...{ project: 'my-project', projectNumber: '123456789012', region: 'europe-west1' },
  deployer: ada,
});
export const chain = findChain(topology);
const { caller, receiver, topic } = chain;

/** Cloud Run's front door refuses. */
export const page = (status: number) =>
  new Response('<html></html>', { status, headers: { 'content-type': 'text/html' } });

/** A service answers with a problem document. */
export const problem = (status: number, code: string, members: object = {}) =>
  new Response(JSON.stringify({ status, code, detail: `It is ${code}.`, ...members }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

export const identity = {
  caller: { service: 'caller', revision: null, serviceAccount: caller.serviceAccount },
  receiver: {
    ...{ service: 'receiver', revision: null, serviceAccount: receiver.serviceAccount },
    calledBy: { email: caller.serviceAccount },
  },
};

interface Pulled {
  ackId: string;
  message: { messageId: string; data: string; attributes: Record<string, string> };
}

/** A deployed pair that does what it should unless told otherwise, and a gcloud beside it. */
export class SmokeWorld {
  member = ada;
  patienceMs = 120_000;
  /** Answers of the caller before it works, one for each call. */
  readonly troubles: Response[] = [];
  identity: unknown = identity;
  /** Answers of the receiver to whoever comes with that token; none: to nobody in particular. */
  readonly receiverAnswers: Record<string, () => Response> = {
    none: () => page(403),
    'token of me': () => page(403),
    'token for another': () => page(401),
  };
  /** Whether gcloud may borrow the identity of accounts. */
  mayBorrow = false;
  /** What waits in the subscription besides. */
  readonly waiting: Pulled[] = [];
  /** What happens to a message on its way. */
  onItsWay: (message: Pulled) => Pulled[] = (message) => [message];

  readonly commands: string[] = [];
  readonly requests: string[] = [];
  readonly output: string[] = [];
  readonly waits: number[] = [];
  #now = 1_000;
  #queue: Pulled[] = [];

  run(): Promise<boolean> {
    const { project } = topology;
    const { member, patienceMs } = this;
    this.#queue = [...this.waiting];
    return runSmoke(
      { chain, project, member, patienceMs, id: 'test-1' },
      {
        gcloud: this.#gcloud,
        send: this.#send,
        terminal: { print: (line) => this.output.push(line), paint: (_style, text) => text },
        now: () => this.#now,
        wait: async (milliseconds) => {
          this.waits.push(milliseconds);
          this.#now += milliseconds;
        },
      },
    );
  }

  /** Lines that tell how a check ended. */
  get checks(): string[] {
    return this.output.filter((line) => /^ {2}[✓✗○]/.test(line)).map((line) => line.trim());
  }

  readonly #gcloud: Gcloud = async (args) => {
    const command = args.join(' ');
    this.commands.push(command);
    if (command.startsWith('auth print-identity-token')) {
      const borrows = command.includes('--impersonate-service-account');
      if (borrows && !this.mayBorrow) throw new GcloudError(args, 'ERROR: (x) PERMISSION_DENIED');
      return command.includes('.invalid') ? 'token for another\n' : 'token of me\n';
    }
    if (command.startsWith('pubsub subscriptions pull')) {
      return JSON.stringify(this.#queue.splice(0, 100));
    }
    return '[]';
  };

  readonly #send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const headers = new Headers(init?.headers);
    this.requests.push(`${init?.method} ${url.href}`);
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? 'none';
    if (url.origin === receiver.url) {
      // Otherwise the front door would take the signature away before the receiver sees the token.
      if ((headers.get('x-serverless-authorization') ?? 'none').replace('Bearer ', '') !== token) {
        throw new RangeError('the token does not come in both headers');
      }
      const answer = this.receiverAnswers[token];
      if (!answer) throw new RangeError(`nobody knows the token ${token}`);
      return answer();
    }
    const trouble = this.troubles.shift();
    if (trouble) return trouble;
    if (url.pathname === '/identity') return Response.json(this.identity);
    const { text, attributes } = JSON.parse(String(init?.body));
    const message = {
      messageId: '17',
      data: Buffer.from(JSON.stringify({ text })).toString('base64'),
      attributes: { ...attributes, calledBy: caller.serviceAccount, idempotencyKey: 'k' },
    };
    this.#queue.push(...this.onItsWay({ ackId: 'ours', message }));
    return Response.json(
      {
        ...{ messageId: '17', topic: topic.name, idempotencyKey: 'k' },
        calledBy: caller.serviceAccount,
        publishedBy: receiver.serviceAccount,
      },
      { status: 201 },
    );
  };
}
