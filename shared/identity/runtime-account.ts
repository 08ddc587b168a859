import { withDeadline } from './deadline.ts';
import { dependencyDown } from './identity-error.ts';

const deadlineMs = 2_500;

/**
 * Who this service runs as, told by the metadata server; asked once, and again only after a failure.
 * https://cloud.google.com/run/docs/container-contract#metadata-server
 */
export class RuntimeAccount {
  readonly #read: (path: string) => Promise<string>;
  readonly #known = new Map<string, Promise<string>>();
  #project: string | undefined;

  constructor(options: { readMetadata?: (path: string) => Promise<string> } = {}) {
    this.#read = options.readMetadata ?? readMetadata;
  }

  /**
   * The e-mail address of the service account.
   *
   * @throws {IdentityError} `metadata_unavailable` (503), at the latest after 2.5 seconds.
   */
  email(): Promise<string> {
    return this.#once('instance/service-accounts/default/email');
  }

  /**
   * The id of the project that the service runs in.
   *
   * @throws {IdentityError} `metadata_unavailable` (503), at the latest after 2.5 seconds.
   */
  async projectId(): Promise<string> {
    this.#project = await this.#once('project/project-id');
    return this.#project;
  }

  /** The same without waiting: `undefined` until somebody has asked and got an answer. */
  get knownProjectId(): string | undefined {
    return this.#project;
  }

  #once(path: string): Promise<string> {
    let answer = this.#known.get(path);
    if (!answer) {
      answer = this.#ask(path);
      this.#known.set(path, answer);
      answer.catch(() => this.#known.delete(path));
    }
    return answer;
  }

  async #ask(path: string): Promise<string> {
    try {
      const timedOut = () => new Error(`the metadata server did not answer in ${deadlineMs} ms`);
      const answer: unknown = await withDeadline(this.#read(path), deadlineMs, timedOut);
      const value = typeof answer === 'string' ? answer.trim() : '';
      if (!/^[\w.@:-]{1,320}$/.test(value)) {
        throw new Error(`the metadata server's answer to ${path} makes no sense`);
      }
      return value;
    } catch (cause) {
      const message = 'The metadata server does not answer at the moment. Try again.';
      throw dependencyDown('metadata_unavailable', message, cause);
    }
  }
}

async function readMetadata(path: string): Promise<string> {
  // Loaded when it is needed: the port listens sooner.
  const { gcpMetadata } = await import('google-auth-library');
  const [type, property] = path.split(/\/(.*)/) as ['instance' | 'project', string];
  return await gcpMetadata[type](property);
}
