import { invalidArgument } from '../../network/api-error.ts';

const keyPattern = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const valuePattern = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const maxLabels = 64;

/** https://cloud.google.com/pubsub/docs/labels#requirements; throws INVALID_ARGUMENT. */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels) {
    throw invalidArgument(`A resource has at most ${maxLabels} labels, not ${entries.length}.`);
  }
  for (const [key, value] of entries) {
    if (!keyPattern.test(key)) throw invalidArgument(`Invalid label key: '${key}'.`);
    if (!valuePattern.test(value)) throw invalidArgument(`Invalid label value: '${value}'.`);
  }
}
