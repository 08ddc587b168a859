import type { ControlRoute } from './route.ts';

/** What there is, for people: each with a command that works as it stands. */
export function indexPage(routes: readonly ControlRoute[], url: string): string {
  const entries = routes.map(
    (route) => `${route.method} ${route.path}\n  ${route.summary}\n  ${curl(route, url)}\n`,
  );
  return `Control API of the local cloud. Its description: ${url}/openapi.json\n\n${entries.join('\n')}`;
}

/** A shell's word, in the project's folder. */
const key = `$(node -p 'JSON.parse(fs.readFileSync(".local-cloud/state.json")).control.key')`;

function curl({ method, path, example, needsKey }: ControlRoute, url: string): string {
  const words = [
    'curl -s',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    `'${url}${path}${example?.query ?? ''}'`,
    ...(needsKey ? [`-H "authorization: Bearer ${key}"`] : []),
    ...(example?.body === undefined
      ? []
      : [`-H 'content-type: application/json' -d '${JSON.stringify(example.body)}'`]),
  ];
  return words.join(' ');
}
