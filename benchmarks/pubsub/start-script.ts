import { join } from 'node:path';

/**
 * Reads a script of package.json of the form `NAME=VALUE … exec node FLAGS FILE`, so that the benchmark
 * starts the local cloud with what `npm start` gives it. Paths in it are below `root`.
 *
 * @throws {Error} for any other form.
 */
export function parseStartScript(script: string, root: string) {
  const words = script.split(' ');
  const nodeAt = words.indexOf('node');
  const before = words.slice(0, nodeAt).filter((word) => word !== 'exec');
  const assignments = before.map((word) => /^(\w+)=([\w./-]+)$/.exec(word));
  if (nodeAt < 0 || assignments.includes(null)) {
    throw new Error(`cannot read the script start: ${script}`);
  }
  return {
    file: process.execPath,
    args: words.slice(nodeAt + 1).map((word) => (word.startsWith('-') ? word : join(root, word))),
    environment: Object.fromEntries(
      assignments.map((match) => [match?.[1] ?? '', join(root, match?.[2] ?? '')]),
    ),
  };
}
