/** The canonical codes other than OK, https://cloud.google.com/pubsub/docs/reference/error-codes */
export type PubsubErrorCode =
  | 'CANCELLED'
  | 'UNKNOWN'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'UNAUTHENTICATED';

/** A call that is refused. The message is what the client gets to read. */
export class PubsubError extends Error {
  override readonly name = 'PubsubError';
  readonly code: PubsubErrorCode;

  constructor(code: PubsubErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function invalidArgument(message: string): PubsubError {
  return new PubsubError('INVALID_ARGUMENT', message);
}

/** Google names the resource by its last part only. */
export function notFound(name: string): PubsubError {
  return new PubsubError('NOT_FOUND', `Resource not found (resource=${lastPart(name)}).`);
}

export function alreadyExists(name: string): PubsubError {
  const id = lastPart(name);
  return new PubsubError(
    'ALREADY_EXISTS',
    `Resource already exists in the project (resource=${id}).`,
  );
}

export function unimplemented(what: string): PubsubError {
  return new PubsubError('UNIMPLEMENTED', `The local cloud does not implement ${what}.`);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
