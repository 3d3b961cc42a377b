/** Whether the execution behind an enrolment still runs. */
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { lean } from './lean.ts';

const sfn = lean(
  new SFNClient({
    cacheMiddleware: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  }),
  'states',
);

/**
 * @param version the version ARN that the execution was started with: `arn:…:stateMachine:<name>:<version>`.
 * @param name `<enrolmentId>-<run>`.
 * @returns false also when no such execution was ever started.
 */
export async function isRunning(version: string, name: string): Promise<boolean> {
  const machine = version.split(':').slice(0, 7).join(':');
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  try {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false;
    throw error;
  }
}
