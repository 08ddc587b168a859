import { expect } from 'vitest';
import { compare } from '../../deploy/doctor/compare.ts';
import type { Finding } from '../../deploy/doctor/finding.ts';
import { readLiveState } from '../../deploy/doctor/read-live-state.ts';
import { loadTopology, resolveTopology, type Topology } from '../../deploy/topology.ts';
import { DeployedProject } from './deployed-project.ts';

export const ada = 'user:ada@example.com';
export const eve = 'user:eve@example.com';
export const account = (name: string) => `${name}@my-project.iam.gserviceaccount.com`;
export const caller = `serviceAccount:${account('caller')}`;
export const receiver = `serviceAccount:${account('receiver')}`;
export const compute = '123456789012-compute@developer.gserviceaccount.com';

export function resolved(topology: Topology = loadTopology()) {
  return resolveTopology(topology, {
    ...{ project: 'my-project', projectNumber: '123456789012', region: 'europe-west1' },
    deployer: ada,
  });
}

/** What doctor finds in a project after a change that the topology does not have. */
export async function examine(
  change: (project: DeployedProject) => unknown,
  topology = resolved(),
): Promise<Finding[]> {
  const project = new DeployedProject(topology);
  change(project);
  return compare(await readLiveState(project.gcloud, topology), topology);
}

/** A change, and the one finding that it leads to. */
export type Case = [
  title: string,
  change: (project: DeployedProject) => unknown,
  finding: { severity: string; code: string; where: string; what: RegExp; mend?: RegExp },
];

export async function expectFinding(change: Case[1], finding: Case[2]): Promise<void> {
  const { what, mend = /^/, ...rest } = finding;
  const findings = await examine(change);
  expect(findings).toEqual([
    expect.objectContaining({ ...rest, what: expect.stringMatching(what) }),
  ]);
  expect(findings[0]?.mend[0]?.replaceAll(' \\\n  ', ' ') ?? '').toMatch(mend);
}

/** The container of a service. */
export function containerOf(project: DeployedProject, service: string) {
  const [found] = project.service(service).spec.template.spec.containers;
  if (!found) throw new RangeError(`${service} has no container`);
  return found;
}
