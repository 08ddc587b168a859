import protobuf from 'protobufjs';
import { type JsonObject, typeName } from './fields.ts';
import { wellKnownTypes } from './well-known-types.ts';

/**
 * A message as JSON: https://protobuf.dev/programming-guides/json/. As at Google, fields that have
 * their default value are left out.
 */
export function writeMessage(type: protobuf.Type, message: object): JsonObject {
  const json: [string, unknown][] = [];
  const values: JsonObject = { ...message };
  for (const field of type.fieldsArray) {
    const value = values[field.name];
    if (!isDefault(field, value)) json.push([field.name, writeField(field, value)]);
  }
  return Object.fromEntries(json);
}

function writeField(field: protobuf.Field, value: unknown): unknown {
  if (field instanceof protobuf.MapField) {
    const entries = Object.entries(value as object);
    return Object.fromEntries(entries.map(([key, entry]) => [key, writeValue(field, entry)]));
  }
  if (!field.repeated) return writeValue(field, value);
  return (value as unknown[]).map((element) => writeValue(field, element));
}

function writeValue({ resolvedType, type }: protobuf.Field, value: unknown): unknown {
  if (resolvedType instanceof protobuf.Type) {
    const wellKnown = wellKnownTypes[typeName(resolvedType)];
    return wellKnown
      ? wellKnown.write(value as never)
      : writeMessage(resolvedType, value as object);
  }
  if (type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  return type === 'int64' ? String(value) : value;
}

/** Operations answer enums by name. */
function isDefault({ map, repeated, resolvedType, typeDefault }: protobuf.Field, value: unknown) {
  if (value === undefined || value === null) return true;
  if (map) return Object.keys(value).length === 0;
  if (repeated) return (value as unknown[]).length === 0;
  if (resolvedType instanceof protobuf.Type) return false;
  if (resolvedType) return value === resolvedType.valuesById[typeDefault as number];
  return value instanceof Uint8Array ? value.length === 0 : value === typeDefault;
}
