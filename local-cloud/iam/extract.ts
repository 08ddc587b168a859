/**
 * `extract` of IAM's conditions: the part of `text` where the template has `{name}`, between the text that
 * stands before it and after it in the template; empty if there is none.
 * https://cloud.google.com/iam/docs/conditions-attribute-reference#extract
 *
 * @throws RangeError for a template without exactly one placeholder
 */
export function extract(text: string, template: string): string {
  const [, before, after] = /^([^{}]*)\{[^{}]*\}([^{}]*)$/.exec(template) ?? [];
  if (before === undefined || after === undefined) {
    throw new RangeError(`extract() needs a template with one {placeholder}, not "${template}"`);
  }
  const found = text.indexOf(before);
  if (found === -1) return '';
  const start = found + before.length;
  const end = after === '' ? text.length : text.indexOf(after, start);
  return end === -1 ? '' : text.slice(start, end);
}
