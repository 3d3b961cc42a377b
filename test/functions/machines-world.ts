/** A small Step Functions for the publisher: machines and their versions, kept in memory. */
import {
  CreateStateMachineCommand,
  DeleteStateMachineVersionCommand,
  DescribeStateMachineCommand,
  ListStateMachineVersionsCommand,
  PublishStateMachineVersionCommand,
  StateMachineDoesNotExist,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { storeDefinition } from '../../functions/adapters/definitions.ts';
import type { Definition } from '../../functions/definition/definition.ts';
import { nurtureDefinition, sfn } from './nurture-world.ts';

export const publisherEnv = {
  MACHINE_PREFIX: 'Ripen-nurture',
  MACHINE_ROLE_ARN: 'arn:aws:iam::123456789012:role/machines',
  MACHINE_LOG_GROUP_ARN: 'arn:aws:logs:us-east-1:123456789012:log-group:machines:*',
  SEND_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:Ripen-send',
  PARK_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:Ripen-park',
  STEP_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:Ripen-step',
};

export const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:Ripen-nurture-guide-to-demo';

/** By ARN: the documents of a machine's versions, the first is version 1; undefined: deleted. */
export const machines = new Map<string, (string | undefined)[]>();

const missing = () => new StateMachineDoesNotExist({ $metadata: {}, message: 'none' });

const versionOf = (arn: string) => {
  const [, machine = '', version = ''] = /^(.*):(\d+)$/.exec(arn) ?? [];
  return { versions: machines.get(machine) ?? [], place: Number(version) - 1 };
};

/** The newest first, as Step Functions lists them, a hundred a page. */
function listed({ stateMachineArn = '', nextToken = '0' }: { stateMachineArn?: string; nextToken?: string }) {
  const versions = machines.get(stateMachineArn);
  if (!versions) throw missing();
  const arns = versions.flatMap((text, place) => (text === undefined ? [] : [`${stateMachineArn}:${place + 1}`]));
  const from = Number(nextToken);
  const page = arns.reverse().slice(from, from + 100);
  return {
    stateMachineVersions: page.map((stateMachineVersionArn) => ({ stateMachineVersionArn })),
    ...(from + 100 < arns.length && { nextToken: String(from + 100) }),
  };
}

/** From now on Step Functions answers from these machines. */
export function keepMachines(): void {
  const drafts = new Map<string, string>();
  sfn.on(DescribeStateMachineCommand).callsFake(({ stateMachineArn }) => {
    const { versions, place } = versionOf(stateMachineArn);
    if (versions[place] === undefined) throw missing();
    return { definition: versions[place] };
  });
  sfn.on(UpdateStateMachineCommand).callsFake(({ stateMachineArn, definition }) => {
    if (!machines.has(stateMachineArn)) throw missing();
    drafts.set(stateMachineArn, definition);
    return { revisionId: 'r' };
  });
  sfn.on(CreateStateMachineCommand).callsFake(({ name, definition }) => {
    const arn = `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
    machines.set(arn, []);
    drafts.set(arn, definition);
    return { stateMachineArn: arn };
  });
  sfn.on(PublishStateMachineVersionCommand).callsFake(({ stateMachineArn }) => {
    const versions = [...(machines.get(stateMachineArn) ?? []), drafts.get(stateMachineArn) ?? ''];
    machines.set(stateMachineArn, versions);
    return { stateMachineVersionArn: `${stateMachineArn}:${versions.length}` };
  });
  sfn.on(ListStateMachineVersionsCommand).callsFake(listed);
  sfn.on(DeleteStateMachineVersionCommand).callsFake(({ stateMachineVersionArn }) => {
    const { versions, place } = versionOf(stateMachineVersionArn);
    versions[place] = undefined;
    return {};
  });
}

let nth = 0;
/** A definition of its own hash, stored; its workflow's machine says `call`. */
export async function stored(call: string): Promise<string> {
  const hash = `${nth++}`.padStart(64, 'e');
  const workflow = nurtureDefinition.workflows['guide-to-demo'];
  const definition: Definition = {
    ...nurtureDefinition,
    hash,
    workflows: workflow ? { 'guide-to-demo': workflow } : {},
    machines: { 'guide-to-demo': { StartAt: 'Start', Call: call } },
  };
  await storeDefinition(definition);
  return hash;
}
