/** Where a command acts: the run on this machine, or a stack on AWS. The calls are the same; the endpoint differs. */
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Option } from 'commander';
import { z } from 'zod';
import { now } from '../../functions/clock.ts';
import { ENV } from '../../functions/env.ts';
import type { Instant } from '../../functions/lead/event.ts';
import { portOption } from './options.ts';

export interface Target {
  /** The stack's name, which all its names begin with. */
  stack: string;
  table: string;
  /** Settings for any SDK client: empty on AWS, the loopback endpoint here. */
  client: { endpoint?: string; region?: string; credentials?: { accessKeyId: string; secretAccessKey: string } };
  /** What time it is there: the clock of a local run may have been moved. */
  now(): Promise<Instant>;
  /** Calls a function of the stack and waits for its answer. @throws Error with the function's own message. */
  call(name: string, payload: unknown): Promise<unknown>;
}

export interface TargetOptions {
  stack?: string;
  port?: string;
}

/** How a definition is checked for the target: mails of a stack on AWS reach people. */
export const onAws = ({ stack }: TargetOptions): { deployed: boolean } => ({ deployed: stack !== undefined });

/** `--stack` and `--port`, as every command that acts on a system has them. */
export const targetOptions = (): Option[] => [
  new Option(
    '--stack <name>',
    'the stack on AWS to act on, with the credentials of the environment (without it: the run on this machine)',
  ),
  portOption('the port of the run on this machine'),
];

const Local = z.object({
  aws: z.string(),
  dynamodb: z.string(),
  region: z.string(),
  tables: z.array(z.string()).min(1),
  buses: z.array(z.string()),
});

/**
 * Finds the system to act on.
 * @throws Error saying what is not there: no local run, no such stack, no credentials.
 */
export async function findTarget(options: TargetOptions): Promise<Target> {
  return options.stack ? findStack(options.stack) : findLocal(options.port ?? '8787');
}

async function findLocal(port: string): Promise<Target> {
  const url = `http://localhost:${port}`;
  const answer = await fetch(`${url}/_local`, { headers: { accept: 'application/json' } }).catch(() => undefined);
  if (!answer?.ok)
    throw new Error(`Nothing runs at ${url}. Start it with "npm start", or name a stack on AWS with --stack.`);
  const local = Local.parse(await answer.json());
  process.env.AWS_ENDPOINT_URL_DYNAMODB = local.dynamodb;
  process.env.AWS_ENDPOINT_URL = local.aws;
  process.env.AWS_REGION ??= local.region;
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
  const client = {
    endpoint: local.aws,
    region: local.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const found = { stack: 'Ripen', table: local.tables[0] as string, bus: local.buses.find(isOwn) };
  return targetOf(found, client, () => clockOf(url));
}

const Clock = z.object({ now: z.string() });

async function clockOf(url: string): Promise<Instant> {
  const answer = await fetch(`${url}/_local/clock`);
  return Clock.parse(await answer.json()).now;
}

async function findStack(stack: string): Promise<Target> {
  const lambda = new LambdaClient({});
  const found = await lambda
    .send(new GetFunctionConfigurationCommand({ FunctionName: `${stack}-publish` }))
    .catch((error: Error) => {
      throw new Error(
        `Cannot find the stack ${stack} with the credentials of the environment: ${error.name}: ${error.message}`,
      );
    });
  const table = found.Environment?.Variables?.[ENV.table];
  if (!table) throw new Error(`The function ${stack}-publish names no table: is ${stack} a Ripen stack?`);
  return targetOf({ stack, table, bus: found.Environment?.Variables?.[ENV.bus] }, {}, async () => now());
}

/** Every account has a bus of that name, with the events of AWS itself. */
const isOwn = (bus: string): boolean => bus !== 'default';

interface Found {
  stack: string;
  table: string;
  bus: string | undefined;
}

function targetOf({ stack, table, bus }: Found, client: Target['client'], clock: Target['now']): Target {
  process.env[ENV.table] = table;
  if (bus !== undefined) process.env[ENV.bus] = bus;
  const lambda = new LambdaClient(client);
  return {
    stack,
    table,
    client,
    now: clock,
    async call(name, payload) {
      const FunctionName = `${stack}-${name}`;
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
      const text = new TextDecoder().decode(answer.Payload);
      const result: unknown = text === '' ? undefined : JSON.parse(text);
      if (answer.FunctionError) throw new Error(z.object({ errorMessage: z.string() }).parse(result).errorMessage);
      return result;
    },
  };
}
