import { ApiError } from '../network/api-error.ts';

/** Google names the resource by its last part only. */
export function notFound(name: string): ApiError {
  return new ApiError('NOT_FOUND', `Resource not found (resource=${lastPart(name)}).`);
}

export function alreadyExists(name: string): ApiError {
  const id = lastPart(name);
  return new ApiError('ALREADY_EXISTS', `Resource already exists in the project (resource=${id}).`);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
