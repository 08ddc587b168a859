import protobuf from 'protobufjs';
import { fieldOf, isJsonObject, type JsonObject, snakeCase, typeName } from './fields.ts';
import {
  invalidJson,
  invalidValue,
  type JsonFault,
  objectForScalar,
  quoted,
  unknownName,
} from './json-faults.ts';
import { readScalar } from './scalars.ts';
import { wellKnownTypes } from './well-known-types.ts';

/** A value, and where in the request it stands. */
interface Place {
  field: protobuf.Field;
  /** As the client has written it. */
  name: string;
  /** `topic.labels`; faults name it. */
  at: string;
  /** The place that holds it; empty for the request itself. */
  parent: string;
}

/**
 * Reads a message from JSON, strictly, into what protobuf.js' `fromObject` takes:
 * https://protobuf.dev/programming-guides/json/
 *
 * @throws {ApiError} INVALID_ARGUMENT with every fault, in the words of Google's front end
 */
export function readMessage(type: protobuf.Type, json: JsonObject): JsonObject {
  const faults: JsonFault[] = [];
  const message = readFields(type, json, '', faults);
  if (faults.length > 0) throw invalidJson(faults);
  return message;
}

function readFields(type: protobuf.Type, json: JsonObject, parent: string, faults: JsonFault[]) {
  const message: [string, unknown][] = [];
  for (const [name, value] of Object.entries(json)) {
    const field = fieldOf(type, name);
    if (!field) {
      faults.push(unknownName(name, parent));
    } else if (value !== null) {
      const at = parent === '' ? snakeCase(field.name) : `${parent}.${snakeCase(field.name)}`;
      message.push([field.name, readField(value, { field, name, at, parent }, faults)]);
    }
  }
  return Object.fromEntries(message);
}

function readField(value: unknown, place: Place, faults: JsonFault[]): unknown {
  const { field, at } = place;
  if (field instanceof protobuf.MapField) return readMap(value, place, faults);
  if (!field.repeated) return readValue(value, place, faults);
  // [V] Google takes a single value for a list of one.
  const elements: unknown[] = Array.isArray(value) ? value : [value];
  return elements.map((element, i) => readValue(element, { ...place, at: `${at}[${i}]` }, faults));
}

function readMap(value: unknown, place: Place, faults: JsonFault[]): unknown {
  const { at, name } = place;
  if (!isJsonObject(value)) {
    const what = Array.isArray(value)
      ? `Cannot bind a list to map for field '${name}'.`
      : quoted(value);
    faults.push(invalidValue(at, 'Map', what));
    return undefined;
  }
  // [O] Google counts the entries, as it does in protocol buffers.
  const entries = Object.entries(value).map(([key, entry], i) => [
    key,
    readValue(entry, { ...place, at: `${at}[${i}].value` }, faults),
  ]);
  return Object.fromEntries(entries);
}

function readValue(value: unknown, place: Place, faults: JsonFault[]): unknown {
  const { field, at, name, parent } = place;
  if (Array.isArray(value)) {
    faults.push(unknownName(name, parent, 'Proto field is not repeating, cannot start list.'));
    return undefined;
  }
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) {
    return readNested(resolvedType, value, place, faults);
  }
  if (isJsonObject(value)) {
    faults.push(objectForScalar(snakeCase(field.name), parent));
    return undefined;
  }
  const read = resolvedType ? readEnum(resolvedType, value) : readScalar(field.type, value);
  if (read === undefined) {
    const what =
      field.type === 'bytes' ? `Base64 decoding failed for ${quoted(value)}` : quoted(value);
    const type = resolvedType ? typeUrl(resolvedType) : `TYPE_${field.type.toUpperCase()}`;
    faults.push(invalidValue(at, type, what));
  }
  return read;
}

function readNested(
  type: protobuf.Type,
  value: unknown,
  place: Place,
  faults: JsonFault[],
): unknown {
  const { at, name } = place;
  const wellKnown = wellKnownTypes[typeName(type)];
  if (wellKnown && typeof value === 'string') {
    try {
      return wellKnown.read(value);
    } catch (error) {
      const what = `Field '${name}', ${(error as TypeError).message}`;
      faults.push(invalidValue(at, typeUrl(type), what));
      return undefined;
    }
  }
  if (!wellKnown && isJsonObject(value)) return readFields(type, value, at, faults);
  faults.push(invalidValue(at, typeUrl(type), quoted(value)));
  return undefined;
}

/** By name or by number. */
function readEnum({ values, valuesById }: protobuf.Enum, value: unknown): unknown {
  if (typeof value === 'string') return Object.hasOwn(values, value) ? value : undefined;
  return typeof value === 'number' ? valuesById[value] : undefined;
}

function typeUrl(type: protobuf.ReflectionObject): string {
  return `type.googleapis.com/${typeName(type)}`;
}
