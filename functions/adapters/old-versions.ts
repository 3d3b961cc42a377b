/** Old versions of workflows' machines: room is made long before Step Functions refuses another. */

import { manifest } from './definitions.ts';
import { leadsAtSteps } from './lists.ts';
import { deleteMachineVersion, machineVersions } from './machines.ts';

/** Step Functions keeps 1,000 versions of a machine and publishes no more then (its quotas, "Versions"). */
const MOST_VERSIONS = 500;

/**
 * Deletes the oldest versions of a workflow's machine that are too many. Not those by which an enrolment is pinned: its next
 * run starts there. Executions go on with a version that is deleted (DeleteStateMachineVersion).
 * @param machine ARN of the machine without a version; one that does not exist has none.
 * @param inForce the version that must stay because its definition is in force.
 */
export async function makeRoom(machine: string, workflow: string, inForce: string | undefined): Promise<void> {
  const versions = await machineVersions(machine);
  const tooMany = versions.length - MOST_VERSIONS + 1;
  if (tooMany <= 0) return;
  const needed = new Set([inForce, ...(await pinnedVersions(workflow))]);
  const oldest = versions.filter((version) => !needed.has(version)).slice(0, tooMany);
  for (const version of oldest) await deleteMachineVersion(version);
}

/** The versions that enrolments are pinned to, paused ones as well. */
async function pinnedVersions(workflow: string): Promise<(string | undefined)[]> {
  const [active, paused] = await Promise.all([leadsAtSteps(workflow), leadsAtSteps(workflow, { paused: true })]);
  const hashes = Object.keys({ ...active, ...paused });
  return Promise.all(hashes.map(async (hash) => (await manifest(hash))?.machines[workflow]));
}
