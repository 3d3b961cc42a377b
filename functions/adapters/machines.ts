/** Step Functions: starting and waking executions, and publishing the machines of workflows. */
import {
  CreateStateMachineCommand,
  DeleteStateMachineVersionCommand,
  DescribeStateMachineCommand,
  ListStateMachineVersionsCommand,
  type ListStateMachineVersionsOutput,
  PublishStateMachineVersionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { lean } from './lean.ts';

export const sfn = lean(
  new SFNClient({
    cacheMiddleware: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
  }),
  'states',
);

const isNamed = (error: unknown, ...names: string[]): boolean => error instanceof Error && names.includes(error.name);

/**
 * Starts an execution once: one that exists under the name counts as started.
 * @param machine a version ARN, so that what runs is what the enrolment is pinned to.
 * @param input ids only; the same for the same name.
 */
export async function startExecution(machine: string, name: string, input: object): Promise<void> {
  const command = { stateMachineArn: machine, name, input: JSON.stringify(input) };
  try {
    await sfn.send(new StartExecutionCommand(command));
  } catch (error) {
    if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
  }
}

/**
 * Wakes the task that parked a token.
 * @returns 'woken', or 'gone': the task has timed out, was woken before, or its execution ended. A gone token may
 * have been followed by a newer one, so the caller reads again.
 */
export async function sendTaskSuccess(token: string, output: object): Promise<'woken' | 'gone'> {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
    return 'woken';
  } catch (error) {
    // A closed task answers TaskTimedOut, whether it timed out or was completed.
    if (isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist')) return 'gone';
    throw error;
  }
}

export interface MachinePlace {
  name: string;
  /** ARN of the machine without a version: `arn:aws:states:<region>:<account>:stateMachine:<name>`. */
  arn: string;
  role: string;
  logGroup: string;
}

/** Only errors, never execution data: a history would keep what must be erasable. */
const logging = (logGroup: string) => ({
  level: 'ERROR' as const,
  includeExecutionData: false,
  destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup } }],
});

/**
 * Puts a definition in force on a machine, made if it does not exist, and publishes it as a version. Publishing what
 * is published already gives the same version again.
 * @returns the version ARN.
 * @throws ConflictException when another publisher changed the machine in between.
 */
export async function publishMachine(place: MachinePlace, definition: string): Promise<string> {
  const revision = (await updated(place, definition)) ?? (await created(place, definition));
  const { stateMachineVersionArn } = await sfn.send(
    new PublishStateMachineVersionCommand({ stateMachineArn: place.arn, ...revision }),
  );
  if (!stateMachineVersionArn) throw new Error(`Step Functions gave no version ARN for ${place.name}.`);
  return stateMachineVersionArn;
}

/** The revision that an update made; undefined when there is no machine of that name. */
async function updated(place: MachinePlace, definition: string): Promise<{ revisionId?: string } | undefined> {
  try {
    const command = new UpdateStateMachineCommand({
      stateMachineArn: place.arn,
      definition,
      roleArn: place.role,
      loggingConfiguration: logging(place.logGroup),
    });
    const { revisionId } = await sfn.send(command);
    return revisionId ? { revisionId } : {};
  } catch (error) {
    if (isNamed(error, 'StateMachineDoesNotExist')) return undefined;
    throw error;
  }
}

/** Makes the machine; its first revision is published without naming it. */
async function created(place: MachinePlace, definition: string): Promise<{ revisionId?: string }> {
  const command = new CreateStateMachineCommand({
    name: place.name,
    definition,
    roleArn: place.role,
    type: 'STANDARD',
    loggingConfiguration: logging(place.logGroup),
  });
  await sfn.send(command);
  return {};
}

/** ARNs of a machine's versions, the oldest first; none of a machine that does not exist. */
export async function machineVersions(machine: string): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await versionsPage(machine, nextToken);
    found.push(...(page.stateMachineVersions ?? []).flatMap(({ stateMachineVersionArn: arn }) => arn ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found.sort((a, b) => numberOf(a) - numberOf(b));
}

async function versionsPage(machine: string, nextToken: string | undefined): Promise<ListStateMachineVersionsOutput> {
  const command = { stateMachineArn: machine, maxResults: 1000, ...(nextToken && { nextToken }) };
  try {
    return await sfn.send(new ListStateMachineVersionsCommand(command));
  } catch (error) {
    if (isNamed(error, 'StateMachineDoesNotExist')) return { stateMachineVersions: [] };
    throw error;
  }
}

/** The version of a machine's version ARN, which ends in it. */
const numberOf = (version: string): number => Number(version.slice(version.lastIndexOf(':') + 1));

/** Nothing starts by it any more; executions that it started go on. */
export async function deleteMachineVersion(version: string): Promise<void> {
  await sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: version }));
}

/** The document of a machine's version; undefined when it does not exist. */
export async function machineOf(version: string): Promise<string | undefined> {
  try {
    const { definition } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: version }));
    return definition;
  } catch (error) {
    if (isNamed(error, 'StateMachineDoesNotExist')) return undefined;
    throw error;
  }
}
