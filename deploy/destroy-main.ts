import { ask } from './ask.ts';
import { destroyUsage, parseDestroyArguments, UsageError } from './command-line.ts';
import { destroy, destructionScript } from './destroy.ts';
import { runCommand } from './run-command.ts';
import { loadTopology } from './topology.ts';

async function askHere(question: string): Promise<string> {
  if (process.stdin.isTTY)
    return await ask(question, { input: process.stdin, output: process.stdout });
  throw new UsageError('Nobody is here to confirm this: add --yes if you are sure.');
}

await runCommand(async (surroundings) => {
  const options = parseDestroyArguments(process.argv.slice(2));
  if (!options) {
    surroundings.terminal.print(destroyUsage);
    return true;
  }
  const topology = loadTopology(options.topology);
  if (!options.dryRun) return await destroy({ options, topology, ask: askHere }, surroundings);
  surroundings.terminal.print(destructionScript({ options, topology }).trimEnd());
  return true;
});
