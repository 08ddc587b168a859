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
    const [label = '', value, ...rest] = requirement.split(/==?/).map((part) => part.trim());
    const isEquality = value !== undefined && rest.length === 0 && label !== '';
    if (!isEquality || /[\s!]/.test(label + value)) {
      throw unimplemented(`the label selector "${requirement.trim()}", only label = value`);
    }
    return { label, value };
  });
  return (labels) => wanted.every(({ label, value }) => labels[label] === value);
}
