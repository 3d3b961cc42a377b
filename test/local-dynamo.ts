/** The local DynamoDB server as a child process, with the table as the stack makes it. For tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';

export interface LocalDynamo {
  endpoint: string;
  /** The table that `TABLE_NAME` names. */
  table: string;
  stop(): Promise<void>;
}

const BINARY = join(
  import.meta.dirname,
  '..',
  'node_modules',
  '@dynoxide',
  `${process.platform}-${process.arch}`,
  'dynoxide',
);

/**
 * Starts a server on a free port, points the environment at it (endpoint, region, credentials, TABLE_NAME), and makes the
 * table. The client of `functions/adapters/dynamo.ts` reads the environment with its first call.
 */
export async function startLocalDynamo(): Promise<LocalDynamo> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-dynamo-'));
  const port = await freePort();
  const child = spawn(BINARY, ['serve', '--port', String(port), '--db-path', join(folder, 'table.db')], {
    stdio: 'ignore',
  });
  // A test that dies must not leave it behind.
  process.once('exit', () => child.kill());
  const endpoint = `http://127.0.0.1:${port}`;
  const table = `ripen-${port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    TABLE_NAME: table,
    BUS_NAME: 'ripen',
  });
  await answering(endpoint, child);
  const { dynamo } = await import('../functions/adapters/dynamo.ts');
  await makeTable(dynamo, table);
  return { endpoint, table, stop: () => stop(child, folder) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('There is no free port.');
  return address.port;
}

/** Half a minute: a busy machine may take seconds to start a process. */
const MOST_TRIES = 1500;

async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    if (child.exitCode !== null) throw new Error(`The DynamoDB server ended with ${child.exitCode}.`);
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await pause(20);
  }
  throw new Error('The DynamoDB server does not answer.');
}

async function makeTable(dynamo: DynamoDBClient, table: string): Promise<void> {
  const key = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const index = (IndexName: string, partition: string, sort: string) => ({
    IndexName,
    KeySchema: key(partition, sort),
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  const attributes = ['pk', 'sk', 'duePk', 'dueAt', 'listPk', 'listSk'];
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      GlobalSecondaryIndexes: [index('due', 'duePk', 'dueAt'), index('list', 'listPk', 'listSk')],
    }),
  );
}

/** All items of the table as plain objects, for what no access pattern asks. */
export async function everyItem(): Promise<Record<string, unknown>[]> {
  const { dynamo, fromItem } = await import('../functions/adapters/dynamo.ts');
  const TableName = process.env.TABLE_NAME ?? '';
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client: dynamo }, { TableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []).map(fromItem));
  }
  return items;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
