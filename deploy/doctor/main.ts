import { activeIdentity, findTarget, memberOf } from '../find-target.ts';
import { endOnInterruption, runCommand } from '../run-command.ts';
import { loadTopology, resolveTopology } from '../topology.ts';
import { compare } from './compare.ts';
import { doctorUsage, parseDoctorArguments } from './options.ts';
import { readLiveState } from './read-live-state.ts';
import { checked, describeFindings } from './report.ts';

await runCommand(async ({ gcloud, terminal, signal }) => {
  endOnInterruption(signal);
  const options = parseDoctorArguments(process.argv.slice(2));
  if (!options) {
    terminal.print(doctorUsage);
    return true;
  }
  const { project, region, json } = options;
  const symbolic = loadTopology(options.topology);
  const deployer = options.deployer ?? memberOf(await activeIdentity(gcloud));
  const target = await findTarget(gcloud, { project, region, deployer });
  const topology = resolveTopology(symbolic, target);
  if (!json) terminal.print(`Looking at ${project} in ${region}, deployed by ${deployer}.\n`);
  const findings = compare(await readLiveState(gcloud, topology), topology);
  terminal.print(
    json
      ? JSON.stringify({ ...target, checked: checked(topology), findings }, null, 2)
      : describeFindings(findings, topology, terminal.paint),
  );
  return findings.every(({ severity }) => severity === 'info');
});
