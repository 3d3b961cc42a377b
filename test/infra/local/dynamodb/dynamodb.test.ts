import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findServer } from '../../../../infra/local/dynamodb/process.ts';
import type { Engine } from '../../../../infra/local/engine.ts';
import { type Template, temporaryFolder, writeAssembly } from '../assembly-of.ts';
import { runEngine } from '../running-engine.ts';

const TABLE = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    TableName: 'leads',
    AttributeDefinitions: ['pk', 'sk', 'duePk', 'dueAt'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'duePk', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    Replicas: [{ Region: { Ref: 'AWS::Region' } }],
  },
};
const template: Template = { Resources: { Table: TABLE } };
const Item = { pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '1' } };
const Key = { pk: { S: 'a' }, sk: { S: 'b' } };

function clientOf({ dynamodb }: { dynamodb: string }): DynamoDBClient {
  const client = new DynamoDBClient({
    endpoint: dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  onTestFinished(() => client.destroy());
  return client;
}

const pidOf = (folder: string): number => Number(readFileSync(join(folder, 'data/dynamodb/pid'), 'utf8'));

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}

async function untilGone(pid: number): Promise<void> {
  for (let i = 0; i < 200 && isAlive(pid); i++) await sleep(10);
  expect(isAlive(pid)).toBe(false);
}

test('makes the tables of the template with their indexes, and keeps them and their items from start to start', async () => {
  const first = await runEngine(template);
  const client = clientOf(first.resources());
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'leads' }));
  expect(Table?.KeySchema).toEqual(TABLE.Properties.KeySchema);
  expect(Table?.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' } },
  ]);
  expect(Table?.StreamSpecification?.StreamEnabled ?? false).toBe(false);
  await client.send(new PutItemCommand({ TableName: 'leads', Item }));
  const pid = pidOf(first.folder);
  await first.close();
  await untilGone(pid);
  const second = await runEngine(template, {}, { folder: first.folder });
  expect((await clientOf(second.resources()).send(new GetItemCommand({ TableName: 'leads', Key }))).Item).toEqual(Item);
});

test('adds an index that the stack has gained, and refuses other keys', async () => {
  const without = { ...TABLE, Properties: { ...TABLE.Properties, GlobalSecondaryIndexes: [] } };
  const first = await runEngine({
    Resources: {
      Table: {
        ...without,
        Properties: { ...without.Properties, AttributeDefinitions: TABLE.Properties.AttributeDefinitions.slice(0, 2) },
      },
    },
  });
  await first.close();
  const second = await runEngine(template, {}, { folder: first.folder });
  const { Table } = await clientOf(second.resources()).send(new DescribeTableCommand({ TableName: 'leads' }));
  expect(Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'due' }]);
  await second.close();
  const other = { ...TABLE, Properties: { ...TABLE.Properties, KeySchema: TABLE.Properties.KeySchema.slice(0, 1) } };
  await expect(runEngine({ Resources: { Table: other } }, {}, { folder: first.folder })).rejects.toThrow(
    'The table leads has the keys HASH pk, RANGE sk',
  );
});

test('a server that a killed engine left behind is ended at the next start, and nothing acknowledged is lost', async () => {
  const folder = temporaryFolder();
  const { child, resources } = await startInProcess(folder, template);
  await clientOf(resources).send(new PutItemCommand({ TableName: 'leads', Item }));
  const leftover = pidOf(folder);
  child.kill('SIGKILL');
  await new Promise((done) => child.once('exit', done));
  expect(isAlive(leftover)).toBe(true);
  const engine = await runEngine(template, {}, { folder });
  await untilGone(leftover);
  expect((await clientOf(engine.resources()).send(new GetItemCommand({ TableName: 'leads', Key }))).Item).toEqual(Item);
});

test('a process that only has the id of an earlier server is left alone', async () => {
  const bystander = spawn('sleep', ['30']);
  onTestFinished(() => void bystander.kill());
  const first = await runEngine(template);
  await first.close();
  writeFileSync(join(first.folder, 'data/dynamodb/pid'), String(bystander.pid));
  await runEngine(template, {}, { folder: first.folder });
  expect(isAlive(bystander.pid ?? 0)).toBe(true);
});

test('a server that ends by itself is started again where it was', async () => {
  const engine = await runEngine(template);
  const client = clientOf(engine.resources());
  await client.send(new PutItemCommand({ TableName: 'leads', Item }));
  const pid = pidOf(engine.folder);
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);
  await sleep(100);
  expect((await client.send(new GetItemCommand({ TableName: 'leads', Key }))).Item).toEqual(Item);
  expect(engine.log.join()).toContain('The local DynamoDB ended by itself (SIGKILL).');
});

test('a server that ends now and then is started again each time; one that ends again and again is given up, and that is said', async () => {
  const real = performance.now.bind(performance);
  let later = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + later);
  onTestFinished(() => clock.mockRestore());
  const engine = await runEngine(template);
  const given = () => engine.log.filter((line) => line.includes('not started again'));
  for (let ended = 0; ended < 7; ended++) {
    await endServer(engine.folder);
    later += 61_000;
  }
  expect(given()).toEqual([]);
  for (let ended = 0; ended < 5; ended++) await endServer(engine.folder);
  expect(given()).toEqual([]);
  const last = pidOf(engine.folder);
  expect(last).toBeGreaterThan(1);
  process.kill(last, 'SIGKILL');
  await vi.waitFor(() => expect(given()).toHaveLength(1));
  expect(given()[0]).toContain(join(engine.folder, 'data/dynamodb/server.log'));
  expect(pidOf(engine.folder)).toBe(last);
});

/** Ends the server, and waits until the next one is there. */
async function endServer(folder: string): Promise<void> {
  const pid = pidOf(folder);
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(pidOf(folder)).not.toBe(pid), { timeout: 5000 });
}

test('a server that the environment names is used instead', async () => {
  const other = await runEngine({ Resources: {} });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = other.resources().dynamodb;
  onTestFinished(() => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
  });
  const engine = await runEngine(template);
  expect(engine.resources()).toMatchObject({ dynamodb: other.resources().dynamodb, tables: ['leads'] });
  expect(existsSync(join(engine.folder, 'data/dynamodb'))).toBe(false);
});

test('where the package does not exist, the message says what to do', () => {
  const { arch } = process;
  onTestFinished(() => void Object.defineProperty(process, 'arch', { value: arch }));
  Object.defineProperty(process, 'arch', { value: 'mips' });
  expect(() => findServer()).toThrow(
    /@dynoxide\/[a-z0-9]+-mips, the local DynamoDB, is not installed.*AWS_ENDPOINT_URL_DYNAMODB/s,
  );
});

async function startInProcess(
  folder: string,
  stack: Template,
): Promise<{ child: ChildProcess; resources: ReturnType<Engine['resources']> }> {
  const script = join(import.meta.dirname, '../engine-process.ts');
  const child = spawn(process.execPath, [script, writeAssembly(folder, stack), join(folder, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((done) => child.stdout.once('data', (text) => done(String(text).trim())));
  const resources = (await (await fetch(`${url}/_local`)).json()) as ReturnType<Engine['resources']>;
  return { child, resources };
}
