/** A path of an API, ready to be matched. */
export interface PathTemplate {
  /**
   * The variables of a path, decoded; `undefined` if the path is another one.
   *
   * @throws URIError for broken escapes, and for escaped slashes and control characters
   */
  match(path: string): Record<string, string> | undefined;
}

/**
 * Reads a path template in the syntax of `google.api.http`, `{name}` for one
 * segment and `{name=topics/*}` for several, with `:verb` behind:
 * https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export function pathTemplate(template: string): PathTemplate {
  const names: string[] = [];
  const [, path = template, verb] = /^(.*?)(?::([a-zA-Z]+))?$/.exec(template) ?? [];
  const pattern = path.replaceAll(/\{([\w.]+)(?:=([^}]+))?\}|([^{}]+)/g, (_, name, inner, text) => {
    if (text !== undefined) return segments(text);
    names.push(name);
    return `(${segments(inner ?? '*')})`;
  });
  // A segment may hold a colon (`projects/example.com:demo`), but the last one not: a verb follows there.
  const matcher = new RegExp(`^${pattern}${verb === undefined ? '' : `:${verb}`}$`);
  return {
    match(candidate) {
      if (verb === undefined && /:[a-zA-Z]+$/.test(candidate)) return undefined;
      const values = matcher.exec(candidate)?.slice(1);
      return values && Object.fromEntries(names.map((name, i) => [name, decoded(values[i] ?? '')]));
    },
  };
}

/**
 * An escaped slash must not become one: `projects/demo%2Fx` would name something inside of the project
 * `demo`, and get the permissions that are held there. No name here has a slash.
 */
function decoded(text: string): string {
  const value = decodeURIComponent(text);
  if (/%2f/i.test(text) || /\p{Cc}/u.test(value)) throw new URIError(`not a name: ${text}`);
  return value;
}

/** `*` is one segment, `**` any number of them; everything else stands for itself. */
function segments(text: string): string {
  return text
    .split(/(\*\*|\*)/)
    .map((part) => {
      if (part === '**') return '.+';
      return part === '*' ? '[^/]+' : part.replaceAll(/[.+?^$()[\]\\|]/g, String.raw`\$&`);
    })
    .join('');
}
