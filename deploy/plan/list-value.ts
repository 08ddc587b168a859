/**
 * A list as gcloud's flags take it. Where an entry holds a comma, another delimiter is declared:
 * `^|^a,b|c`. See `gcloud topic escaping`.
 */
export function listValue(entries: readonly string[]): string {
  const free = [',', '|', ';', '#', '~', '@@', '::::'].find((delimiter) =>
    entries.every((entry) => !entry.includes(delimiter)),
  );
  if (free === undefined) throw new Error(`no delimiter is left for ${entries.join(' ')}`);
  const joined = entries.join(free);
  // An entry that begins with ^ would be read as such a declaration.
  return free === ',' && !joined.startsWith('^') ? joined : `^${free}^${joined}`;
}
