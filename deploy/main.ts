import { join } from 'node:path';
import { deployUsage, parseDeployArguments } from './command-line.ts';
import { deploy, deploymentScript } from './deploy.ts';
import { contentTag } from './image-tag.ts';
import { runCommand } from './run-command.ts';
import { loadTopology } from './topology.ts';

await runCommand(async (surroundings) => {
  const options = parseDeployArguments(process.argv.slice(2));
  if (!options) {
    surroundings.terminal.print(deployUsage);
    return true;
  }
  const topology = loadTopology(options.topology);
  // The commands name files as seen from here: what to build, and how.
  const root = join(import.meta.dirname, '..');
  process.chdir(root);
  const deployment = { options, topology, imageTag: options.imageTag ?? contentTag(root) };
  if (!options.dryRun) return await deploy(deployment, surroundings);
  surroundings.terminal.print(deploymentScript(deployment).trimEnd());
  return true;
});
