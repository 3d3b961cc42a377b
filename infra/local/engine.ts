/** The local engine: runs a synthesised stack on this machine. Puts its parts together and has them begin and end in order. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createActivity, type Work } from './activity.ts';
import { createAdvance } from './advance.ts';
import { readAssembly } from './assembly.ts';
import { createClock, type EngineClock } from './clock.ts';
import { createClockBar } from './clock-bar.ts';
import { createCollector } from './collector.ts';
import { startDynamoDb } from './dynamodb.ts';
import { createRouter, readRoutes } from './http/routes.ts';
import { listen, type Serving } from './http/server.ts';
import { type LambdaPart, toResult } from './lambda/lambda.ts';
import { bundleWorker } from './lambda/worker-bundle.ts';
import { createLocalPages, type Directory } from './local-pages.ts';
import { createOutbound, type OutboundRequest } from './outbound.ts';
import type { InvokeResult, PageHandler } from './part.ts';
import type { SeedSecret } from './secrets.ts';
import { createParts, type Ground } from './stack-parts.ts';
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
  /** The IANA time zone in which the inbox and the clock bar tell the time; UTC when absent. */
  zone?: () => string;
  /** Chooses the value of each secret when it is first made. */
  seedSecrets?: SeedSecret;
  /** Gets what the person who runs the engine wants to see: errors of functions, dropped events. */
  onLog?: (line: string) => void;
  /** Until this resolves the HTTP API and the pages let requests wait; AWS calls and `/_local` are answered. */
  ready?: Promise<unknown>;
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

async function runStack(ground: Ground): Promise<Engine> {
  const { options, db, listener, dynamodb, assembly, report } = ground;
  const clock = createClock(db, (error) => report(`A due moment failed: ${String(error)}`));
  const work = createActivity(createCollector());
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
    pages: [
      createLocalPages(clock, advance, resources),
      createClockBar(options.zone ?? (() => 'UTC')),
      mail.pages,
      ...(options.pages ?? []),
    ],
    capture: outbound.capture,
    clock,
    account: assembly.account,
    serving,
    ready: options.ready,
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
