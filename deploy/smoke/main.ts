import { randomUUID } from 'node:crypto';
import { activeIdentity, findTarget, memberOf } from '../find-target.ts';
import { endOnInterruption, runCommand } from '../run-command.ts';
import { loadTopology, resolveTopology } from '../topology.ts';
import { findChain } from './chain.ts';
import { parseSmokeArguments, smokeUsage } from './options.ts';
import { runSmoke } from './run-smoke.ts';

await runCommand(async (surroundings) => {
  const { gcloud, terminal, signal } = surroundings;
  endOnInterruption(signal);
  const options = parseSmokeArguments(process.argv.slice(2));
  if (!options) {
    terminal.print(smokeUsage);
    return true;
  }
  const { project, region, patienceMs } = options;
  const symbolic = loadTopology(options.topology);
  const member = memberOf(await activeIdentity(gcloud));
  const target = await findTarget(gcloud, { project, region, deployer: member });
  const chain = findChain(resolveTopology(symbolic, target));
  terminal.print(`Trying ${project} (${target.projectNumber}) in ${region}, as ${member}.`);
  const test = { chain, project, member, patienceMs, id: randomUUID() };
  return await runSmoke(test, { ...surroundings, send: fetch });
});
