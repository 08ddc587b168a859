type Json = Readonly<Record<string, unknown>>;

/**
 * What is wanted after an update: the body, or where there is a mask what is there now with the masked
 * fields taken from the body. https://google.aip.dev/134
 *
 * @param mask paths with dots, comma-separated, in either spelling; empty or `*` for everything
 */
export function masked(mask: string, body: Json, current: Json): Json {
  const paths = mask.split(',').filter((path) => path !== '');
  if (paths.length === 0 || paths.includes('*')) return body;
  return paths.reduce((json, path) => taken(json, body, path.split('.').map(camelCase)), current);
}

function taken(current: Json, body: Json, [field = '', ...rest]: readonly string[]): Json {
  const { [field]: there, ...others } = current;
  const wanted = Object.hasOwn(body, field) ? body[field] : undefined;
  if (rest.length === 0) return wanted === undefined ? others : { ...others, [field]: wanted };
  return { ...others, [field]: taken(objectOf(there), objectOf(wanted), rest) };
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const camelCase = (name: string) =>
  name.trim().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
