import { unimplemented } from '../../network/api-error.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Reads a Kubernetes label selector: equalities, of which all must hold.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#equality-based-requirement
 *
 * @throws {ApiError} UNIMPLEMENTED for other requirements: a list that ignores them would be too long
 */
export function labelSelector(text: string): (labels: Labels) => boolean {
  if (text.trim() === '') return () => true;
  const wanted = text.split(',').map((requirement) => {
    const [, label, value] = /^\s*([^\s=!]+)\s*==?\s*([^\s=]*)\s*$/.exec(requirement) ?? [];
    if (label === undefined) {
      throw unimplemented(`the label selector "${requirement.trim()}", only label = value`);
    }
    return { label, value };
  });
  return (labels) => wanted.every(({ label, value }) => labels[label] === value);
}
