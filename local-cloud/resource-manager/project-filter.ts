import { unimplemented } from '../network/api-error.ts';

/**
 * Reads the filter of `projects.list` and the query of `projects.search`, as far as gcloud writes it:
 * terms of which all must hold, `field:value`, `field=value` or a value alone, with `*` at the end.
 * https://cloud.google.com/resource-manager/reference/rest/v1/projects/list#query-parameters
 *
 * @throws {ApiError} UNIMPLEMENTED for everything else: a filter that is ignored would show too much
 */
export function projectFilter(text: string): (fields: Readonly<Record<string, string>>) => boolean {
  const terms = text
    .replaceAll(/[()]/g, ' ')
    .split(/\s+/)
    .filter((term) => term !== '' && term !== 'AND')
    .map(readTerm);
  return (fields) =>
    terms.every(({ field, matches }) =>
      field === undefined
        ? Object.values(fields).some(matches)
        : matches(fields[field.toLowerCase()] ?? ''),
    );
}

function readTerm(term: string): { field: string | undefined; matches(value: string): boolean } {
  const [, field, quoted, star] = /^(?:([A-Za-z]+)[:=])?("[^"]*"|[\w.-]+)(\*)?$/.exec(term) ?? [];
  if (quoted === undefined || quoted === 'OR' || quoted === 'NOT') {
    throw unimplemented(`"${term}" in a filter of projects`);
  }
  const wanted = quoted.replaceAll('"', '').toLowerCase();
  return {
    field,
    matches: (value) =>
      star ? value.toLowerCase().startsWith(wanted) : value.toLowerCase() === wanted,
  };
}
