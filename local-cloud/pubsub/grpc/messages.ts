import type { Type } from 'protobufjs';
import type { ApiError } from '../../network/api-error.ts';
import { operationForm, type ProtocolMethod } from '../protocol/protocol.ts';
import { requestSizeFault } from '../protocol/request-limits.ts';

/** Takes the place of a request that is too big to be read. */
export class RefusedRequest {
  readonly error: ApiError;

  constructor(error: ApiError) {
    this.error = error;
  }
}

/** Reads requests. gRPC's own size limit would answer RESOURCE_EXHAUSTED, which Google does not. */
export function requestReader({
  name,
  request,
}: ProtocolMethod): (bytes: Buffer) => object | RefusedRequest {
  return (bytes) => {
    const fault = requestSizeFault(name, bytes.length);
    if (fault) return new RefusedRequest(fault);
    return request.toObject(request.decode(bytes), operationForm);
  };
}

/** Writes answers. */
export function writer(type: Type): (message: object) => Buffer {
  return (message) => Buffer.from(type.encode(type.fromObject(message)).finish());
}
