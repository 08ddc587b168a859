import { randomUUID } from 'node:crypto';
import { ApiError, type CanonicalCode } from '../network/api-error.ts';

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto, as numbers. */
const codeNumbers: Partial<Record<CanonicalCode, number>> = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
};

interface Operation {
  name: string;
  /** Of the resource as it is when the operation is looked at. */
  metadata: () => object;
  outcome: { response: object } | { error: { code: number; message: string } } | undefined;
  settled: Promise<void>;
}

/** What something takes that ends later: https://google.aip.dev/151 */
export interface Work {
  /** `projects/P/locations/R`; the operation's name is made below it. */
  parent: string;
  metadata: () => object;
  /** Answers the response; rejects with an {@link ApiError}. */
  result: Promise<object>;
}

/** Beyond this the oldest are forgotten. */
const kept = 1_000;

/** The long-running operations of one API. */
export class Operations {
  readonly #operations = new Map<string, Operation>();

  start({ parent, metadata, result }: Work): object {
    const name = `${parent}/operations/${randomUUID()}`;
    const operation: Operation = { name, metadata, outcome: undefined, settled: Promise.resolve() };
    operation.settled = result.then(
      (response) => {
        operation.outcome = { response };
      },
      (error: unknown) => {
        operation.outcome = { error: statusOf(error) };
      },
    );
    this.#operations.set(name, operation);
    const [oldest] = this.#operations.keys();
    if (this.#operations.size > kept && oldest !== undefined) this.#operations.delete(oldest);
    return operationJson(operation);
  }

  /** One that is done when it is answered. */
  async finished(work: Work): Promise<object> {
    const { name } = this.start(work) as { name: string };
    return await this.wait(name);
  }

  /** @throws {ApiError} NOT_FOUND */
  get(name: string): object {
    return operationJson(this.#find(name));
  }

  /** By name. */
  list(parent: string): { name: string }[] {
    return [...this.#operations.values()]
      .filter(({ name }) => name.startsWith(`${parent}/operations/`))
      .map(operationJson);
  }

  /** When it is done, or at the latest when `timeout` resolves. @throws {ApiError} NOT_FOUND */
  async wait(name: string, timeout?: Promise<void>): Promise<object> {
    const operation = this.#find(name);
    await (timeout ? Promise.race([operation.settled, timeout]) : operation.settled);
    return operationJson(operation);
  }

  /** Forgets it; what it stands for goes on. @throws {ApiError} NOT_FOUND */
  delete(name: string): void {
    this.#find(name);
    this.#operations.delete(name);
  }

  #find(name: string): Operation {
    const operation = this.#operations.get(name);
    if (operation) return operation;
    throw new ApiError('NOT_FOUND', `Operation '${name}' not found.`);
  }
}

function operationJson({ name, metadata, outcome }: Operation) {
  return {
    name,
    metadata: metadata(),
    ...(outcome ? { done: true, ...outcome } : { done: false }),
  };
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto */
function statusOf(error: unknown): { code: number; message: string } {
  if (error instanceof ApiError)
    return { code: codeNumbers[error.code] ?? 2, message: error.message };
  return { code: 13, message: 'Internal error of the local cloud.' };
}
