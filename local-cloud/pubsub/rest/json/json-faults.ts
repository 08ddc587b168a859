import { ApiError } from '../../../network/api-error.ts';
import { isJsonObject } from './fields.ts';

/** One thing that is wrong with a request; of a place in it, or of the request as such. */
export interface JsonFault {
  field?: string;
  description: string;
}

/** Values are echoed to whoever sent them; a whole message would help nobody. */
const longestEcho = 200;
/** Of a request with a million of them. */
const mostFaults = 50;

/** [O] The faults in one answer, https://google.aip.dev/193#request-validation */
export function invalidJson(all: readonly JsonFault[]): ApiError {
  const faults = all.slice(0, mostFaults);
  return new ApiError('INVALID_ARGUMENT', faults.map(({ description }) => description).join('\n'), [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: faults },
  ]);
}

/** [O] `parent` is the place that holds the name: `messages[0]`, or empty for the request itself. */
export function unknownName(name: string, parent: string, why = 'Cannot find field.'): JsonFault {
  const place = parent && ` at '${parent}'`;
  return fault(parent, `Invalid JSON payload received. Unknown name "${name}"${place}: ${why}`);
}

/** [O] `type` is `TYPE_INT32` and the like, or the URL of a message's or an enum's type. */
export function invalidValue(at: string, type: string, what: string): JsonFault {
  return fault(at, `Invalid value at '${at}' (${type}), ${what}`);
}

/** [O] Names the place around, and the field apart. */
export function objectForScalar(name: string, parent: string): JsonFault {
  const place = parent && ` at '${parent}'`;
  return fault(parent, `Invalid value${place} (${name}), Starting an object on a scalar field`);
}

/** A value as it is quoted in a fault. Not an object: it may be nested deeper than JSON can be written. */
export function quoted(value: unknown): string {
  const text = isJsonObject(value) ? '{…}' : JSON.stringify(value);
  return text.length > longestEcho ? `${text.slice(0, longestEcho)}…` : text;
}

function fault(field: string, description: string): JsonFault {
  return field === '' ? { description } : { field, description };
}
