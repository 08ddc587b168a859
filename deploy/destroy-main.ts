import { createInterface } from 'node:readline/promises';
import { destroyUsage, parseDestroyArguments, UsageError } from './command-line.ts';
import { destroy, destructionScript } from './destroy.ts';
import { runCommand } from './run-command.ts';
import { loadTopology } from './topology.ts';

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError('Nobody is here to confirm this: add --yes if you are sure.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

await runCommand(async (surroundings) => {
  const options = parseDestroyArguments(process.argv.slice(2));
  if (!options) {
    surroundings.terminal.print(destroyUsage);
    return true;
  }
  const topology = loadTopology(options.topology);
  if (!options.dryRun) return await destroy({ options, topology, ask }, surroundings);
  surroundings.terminal.print(destructionScript({ options, topology }).trimEnd());
  return true;
});
