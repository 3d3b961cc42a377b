/** The local engine: runs a synthesised stack on this machine. Puts its parts together and has them begin and end in order. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { createActivity, type Work } from './activity.ts';
import { createAdvance } from './advance.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import { createBuses } from './bus/bus.ts';
import { createClock, type EngineClock } from './clock.ts';
import { serveClockBar } from './clock-bar.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb.ts';
import { createRouter, readRoutes } from './http/routes.ts';
import { type Listener, listen, type Serving } from './http/server.ts';
import { readFunctions } from './lambda/function-spec.ts';
import { createLambda, type LambdaPart, toResult } from './lambda/lambda.ts';
import { bundleWorker } from './lambda/worker-bundle.ts';
import { createLocalPages, type Directory } from './local-pages.ts';
import { readMachine } from './machines.ts';
import { createMail } from './mail/mail.ts';
import { createOutbound, type OutboundRequest } from './outbound.ts';
import type { InvokeResult, PageHandler, Parts } from './part.ts';
import { createQueues } from './queues.ts';
import { createSchedules } from './schedule.ts';
import { createSecrets, type SeedSecret } from './secrets.ts';
import { createStates } from './states/states.ts';
import { openStore } from './store.ts';

export interface EngineOptions {
  /** The folder of the synthesised assembly (`cdk.out`). */
  assembly: string;
  /** Where everything is kept; made when missing. One engine at a time. */
  dataDir: string;
  /** 0 takes any that is free. */
  port: number;
  /** Pages beside the engine's own; asked where no route of the HTTP API names the path. */
  pages?: readonly PageHandler[];
  /** Chooses the value of each secret when it is first made. */
  seedSecrets?: SeedSecret;
  /** Gets what the person who runs the engine wants to see: errors of functions, dropped events. */
  onLog?: (line: string) => void;
  /** Mails per second, and in 24 hours, that the local SES takes. */
  maxSendRate?: number;
  max24h?: number;
}

/** What the stack holds, by the names that AWS calls take. */
export interface EngineResources extends Directory {
  /** The stack's outputs. */
  outputs: Readonly<Record<string, string>>;
}

export interface Engine {
  /** `http://localhost:<port>`, without a slash at the end. */
  url: string;
  clock: EngineClock;
  resources(): EngineResources;
  /** Moves the clock on by `ms`; resolves when nothing is due or in flight any more. */
  advance(ms: number): Promise<void>;
  /** Resolves when nothing is due or in flight. */
  settle(): Promise<void>;
  /** Invokes a function, by name, ARN or logical id, and waits. @throws AwsError when there is none. */
  invoke(function_: string, payload: unknown): Promise<InvokeResult>;
  /** What functions sent to other hosts, the oldest first. */
  outbound(): OutboundRequest[];
  /** Lets what is in flight end, for some seconds at most, and stops. What is on disk goes on at the next start. */
  close(): Promise<void>;
}

/** How long closing waits for work in flight. */
const PATIENCE_MS = 5000;

/**
 * Starts the engine. Goes on with what an earlier run of the same data directory left, clock included.
 * @throws Error naming what stands in the way: the port or directory in use, something unknown in the stack.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const report = options.onLog ?? (() => {});
  // Keeps the space for short-lived objects of every thread from growing: about 150 MB less for a dozen functions, at
  // about a twentieth more time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const dataDir = resolve(options.dataDir);
  const undo: (() => unknown)[] = [];
  try {
    const db = openStore(dataDir);
    undo.push(() => db.close());
    const listener = await listen(options.port, report);
    undo.push(() => listener.close());
    const dynamodb = await startDynamoDb(dataDir, report);
    undo.push(() => dynamodb.close());
    const assembly = readAssembly(resolve(options.assembly), `http://localhost:${listener.port}`);
    return await runStack({ options, dataDir, db, listener, dynamodb, assembly, report });
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

interface Ground {
  options: EngineOptions;
  dataDir: string;
  db: DatabaseSync;
  listener: Listener;
  dynamodb: DynamoDb;
  assembly: Assembly;
  report(line: string): void;
}

async function runStack(ground: Ground): Promise<Engine> {
  const { options, db, listener, dynamodb, assembly, report } = ground;
  const clock = createClock(db, (error) => report(`A due moment failed: ${String(error)}`));
  const work = createActivity();
  const serving: Serving = { count: 0 };
  const token = randomBytes(24).toString('base64url');
  const outbound = createOutbound(db, clock, token);
  const workerCode = await bundleWorker(join(ground.dataDir, 'worker'));
  const { lambda, queues, buses, states, mail, schedules, secrets } = createParts(ground, {
    clock,
    work,
    serving,
    token,
    workerCode,
  });
  const tables = await dynamodb.makeTables(assembly);
  const advance = createAdvance(clock, work);
  const resources = (): EngineResources => ({
    aws: assembly.baseUrl,
    dynamodb: dynamodb.url,
    region: assembly.region,
    account: assembly.account,
    tables,
    buses: buses.names,
    queues: queues.names,
    stateMachines: states.list().map(({ name }) => name),
    functions: lambda.functions.map(({ spec }) => spec.name),
    outputs: assembly.outputs,
  });
  listener.serve({
    router: createRouter(readRoutes(assembly)),
    lambda,
    aws: {
      json: { events: buses.service, states: states.service, sqs: queues.service, secretsmanager: secrets },
      rest: { ses: mail.service },
      lambda,
    },
    pages: [createLocalPages(clock, advance, resources), serveClockBar, mail.pages, ...(options.pages ?? [])],
    capture: outbound.capture,
    clock,
    account: assembly.account,
    serving,
  });
  for (const part of [lambda, buses, states, mail, schedules]) part.resume();

  return {
    url: assembly.baseUrl,
    clock,
    resources,
    advance,
    settle: () => advance(0),
    async invoke(function_, payload) {
      const byId = lambda.functions.find(({ spec }) => spec.logicalId === function_);
      return toResult(await lambda.invokeText(byId?.spec.name ?? function_, JSON.stringify(payload ?? null)));
    },
    outbound: outbound.list,
    close: once(() => closeAll(ground, clock, work, lambda, () => states.stop())),
  };
}

/** What all parts rest on. */
interface Core {
  clock: EngineClock;
  work: Work;
  serving: Serving;
  /** Shows that a request comes from a function's thread. */
  token: string;
  workerCode: string;
}

/** Every part of the engine that runs something of the stack. Nothing runs before its `resume()`. */
function createParts(ground: Ground, core: Core) {
  const { clock, work, serving, token, workerCode } = core;
  const { options, dataDir, db, listener, dynamodb, assembly, report } = ground;
  const { baseUrl, region, account } = assembly;
  const logDir = join(dataDir, 'logs');
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const rules = assembly.ofType('AWS::Events::Rule');
  const place = { db, clock, activity: work, baseUrl, region, account };

  const queues = createQueues(place, assembly.ofType('AWS::SQS::Queue'));
  const lambda = createLambda({
    specs: readFunctions(assembly),
    around: {
      workerCode,
      clock: clock.shared,
      region,
      endpoints: { aws: `http://127.0.0.1:${listener.port}`, dynamodb: dynamodb.url },
      outbound: { port: listener.port, token },
      logDir,
      onErrorLine: (function_, line) => report(`${function_}: ${line}`),
    },
    db,
    clock,
    work,
    isServing: () => serving.count > 0,
    sendMessage: queues.send,
    report,
  });
  const buses = createBuses(
    { ...place, lambda },
    { buses: assembly.ofType('AWS::Events::EventBus'), rules },
    {
      startExecution: (stateMachineArn, input) => states.service.handle('StartExecution', { stateMachineArn, input }),
      sendMessage: queues.send,
      warn: report,
    },
  );
  const parts: Parts = { ...place, lambda, buses };
  const states = createStates(parts);
  for (const machine of assembly.ofType('AWS::StepFunctions::StateMachine')) {
    states.define(readMachine(machine, (name) => `arn:aws:states:${region}:${account}:stateMachine:${name}`));
  }
  const mail = createMail(parts, {
    configurationSets: assembly.ofType('AWS::SES::ConfigurationSet'),
    eventDestinations: assembly.ofType('AWS::SES::ConfigurationSetEventDestination'),
    ...(options.maxSendRate === undefined ? {} : { maxSendRate: options.maxSendRate }),
    ...(options.max24h === undefined ? {} : { max24h: options.max24h }),
  });
  const schedules = createSchedules(
    parts,
    { rules, schedules: assembly.ofType('AWS::Scheduler::Schedule') },
    { workDone: () => work.done, sendMessage: queues.send, warn: report },
  );
  const secrets = createSecrets(dataDir, clock, assembly.ofType('AWS::SecretsManager::Secret'), options.seedSecrets);
  return { lambda, queues, buses, states, mail, schedules, secrets };
}

async function closeAll(
  { db, listener, dynamodb }: Ground,
  clock: EngineClock,
  work: Work,
  lambda: LambdaPart,
  stopStates: () => void,
): Promise<void> {
  clock.stop();
  lambda.stop();
  stopStates();
  const patience = new Promise<void>((done) => setTimeout(done, PATIENCE_MS).unref());
  await Promise.race([work.idle(), patience]);
  await listener.close();
  await lambda.close();
  await dynamodb.close();
  // What waited for a function that was ended hears of it before the storage closes.
  await nextTurn();
  await nextTurn();
  db.close();
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
