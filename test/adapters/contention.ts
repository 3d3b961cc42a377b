/** A table that refuses: what no engine gives by itself. */
import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { vi } from 'vitest';
import { dynamo } from '../../functions/adapters/dynamo.ts';

const conflict = () =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }],
  });

/** Whether a call commits what was decided upon a profile as it was read. */
export const isDecision = (command: unknown): boolean =>
  command instanceof TransactWriteItemsCommand && JSON.stringify(command.input).includes(':read');

/** The calls for which one of these holds are in conflict with others, each time; until the mocks are restored. */
export function refuse(...refused: ((command: unknown) => boolean)[]): void {
  const real = dynamo.send.bind(dynamo) as (command: unknown) => Promise<never>;
  vi.spyOn(dynamo, 'send').mockImplementation((command: unknown) =>
    refused.some((holds) => holds(command)) ? Promise.reject(conflict()) : real(command),
  );
}
