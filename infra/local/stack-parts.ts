/** The services of AWS that run something of the stack, made from its resources and connected to each other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Work } from './activity.ts';
import type { Assembly } from './assembly.ts';
import { createBuses } from './bus/bus.ts';
import type { EngineClock } from './clock.ts';
import type { DynamoDb } from './dynamodb.ts';
import type { EngineOptions } from './engine.ts';
import type { Listener, Serving } from './http/server.ts';
import { readFunctions } from './lambda/function-spec.ts';
import { createLambda } from './lambda/lambda.ts';
import { readMachine } from './machines.ts';
import { createMail } from './mail/mail.ts';
import type { Parts } from './part.ts';
import { createQueues } from './queues.ts';
import { createSchedules } from './schedule.ts';
import { createSecrets } from './secrets.ts';
import { createStates } from './states/states.ts';

/** What is there before any part. */
export interface Ground {
  options: EngineOptions;
  dataDir: string;
  db: DatabaseSync;
  listener: Listener;
  dynamodb: DynamoDb;
  assembly: Assembly;
  report(line: string): void;
}

/** What all parts rest on. */
export interface Core {
  clock: EngineClock;
  work: Work;
  serving: Serving;
  /** Shows that a request comes from a function's thread. */
  token: string;
  workerCode: string;
}

/**
 * Makes every part; nothing runs before its `resume()`.
 * @throws Error naming the resource, and what of it the engine does not know.
 */
export function createParts(ground: Ground, core: Core) {
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
    ...(options.zone === undefined ? {} : { zone: options.zone }),
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
