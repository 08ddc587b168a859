import protobuf from 'protobufjs';

/** An object of JSON. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field that a name in JSON means: its own in snake_case, or in camelCase. */
export function fieldOf(type: protobuf.Type, name: string): protobuf.Field | undefined {
  const camelCase = protobuf.util.camelCase(name);
  return Object.hasOwn(type.fields, camelCase) ? type.fields[camelCase] : undefined;
}

/** As the definitions write it, and as faults are told: `messageRetentionDuration` → `message_retention_duration` */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `google.protobuf.Duration` */
export function typeName(type: protobuf.ReflectionObject): string {
  return type.fullName.slice(1);
}
