/**
 * Putting a definition in force. Order: parts (stored by the caller) → machine versions → manifest → pointer; killed
 * anywhere between, the definition before stays in force and the next try finishes.
 */
import { createHash } from 'node:crypto';
import { type TransactWriteItem, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { MACHINE_FUNCTIONS, type Published } from '../definition/definition.ts';
import { type EnvName, env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { manifestKey, movingItem, movingKey, partKey, workflowNamesKey } from './definition-items.ts';
import {
  currentPointer,
  machine,
  manifest,
  movePointer,
  type Note,
  notePublication,
  rules,
  writeManifest,
} from './definitions.ts';
import { dynamo, getItem, queryAll, toItem, values } from './dynamo.ts';
import { machineOf, publishMachine } from './machines.ts';
import { makeRoom } from './old-versions.ts';
import { later } from './table.ts';

/** Publishers that get in each other's way read the pointer again. */
const TRIES = 5;

/**
 * Publishes a definition whose parts are stored. One that is in force already stays as it is.
 * Which leads it moves is remembered together with the pointer, and done afterwards by `moveLeads`.
 * @param expected what must be in force before, if that matters to the caller.
 * @throws Error when the definition is not stored, or another than the expected one is in force.
 */
export async function publishDefinition(
  hash: string,
  at: Instant,
  { expected, by }: { expected?: string | undefined; by?: string | undefined } = {},
): Promise<Published> {
  await makeMachines(hash, at);
  const moving = await movingWrite(hash, at);
  for (let tried = 0; tried < TRIES; tried++) {
    const before = await currentPointer();
    if (before?.hash === hash) return before;
    if (expected !== undefined && before?.hash !== expected) {
      throw new Error(
        `Definition ${before?.hash ?? 'none'} is in force, not ${expected}: somebody else has published.`,
      );
    }
    const next = await movePointer(before, { hash, at, by }, [moving]);
    if (next !== 'stale') return next;
  }
  throw new Error('Others publish all the time: the definition was not put in force.');
}

/** The sweeper goes on with the moving of leads that its publisher left, after this. */
const MOVING_GRACE_MS = 2 * 60_000;

/** What another publication left to be moved is its own matter no more. */
async function movingWrite(hash: string, at: Instant): Promise<TransactWriteItem> {
  const TableName = env('table');
  const moves = Object.values((await rules(hash)).workflows).some(({ moved }) => moved);
  if (!moves) return { Delete: { TableName, Key: toItem(movingKey) } };
  return { Put: { TableName, Item: toItem(movingItem(hash, later(at, MOVING_GRACE_MS))) } };
}

/**
 * A version of every workflow's machine; a manifest that is written says that all of them were there. Of one published long
 * ago some may have made room since: they are made again.
 */
async function makeMachines(hash: string, at: Instant): Promise<void> {
  const known = await manifest(hash);
  if (known && (await areThere(Object.values(known.machines)))) return;
  const names = Object.keys((await rules(hash)).workflows);
  const before = await currentPointer();
  const previous = before && (await manifest(before.hash));
  const machines: Record<string, string> = {};
  // One after the other: creating and updating machines is throttled, and deployments are rare.
  for (const name of names) machines[name] = await publishWorkflow(hash, name, previous?.machines[name]);
  await rememberNames(names);
  await writeManifest({ hash, at: known?.at ?? at, parts: await partNames(hash), machines });
}

async function areThere(versions: string[]): Promise<boolean> {
  for (const version of versions) if ((await machineOf(version)) === undefined) return false;
  return true;
}

async function partNames(hash: string): Promise<string[]> {
  const prefix = partKey(hash, '').sk;
  const items = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: values({ ':pk': manifestKey(hash).pk, ':prefix': prefix }),
    ProjectionExpression: 'sk',
    ConsistentRead: true,
  });
  return items.map((item) => z.parse(z.string(), item.sk).slice(prefix.length));
}

/** @param previous the version in force: it serves on if its content is the same. @returns the version ARN. */
async function publishWorkflow(hash: string, name: string, previous: string | undefined): Promise<string> {
  const compiled = await machine(hash, name);
  if (!compiled) throw new Error(`Definition ${hash} has no machine for the workflow ${name}.`);
  const document = withFunctions(JSON.stringify(compiled));
  if (previous && (await machineOf(previous)) === document) return previous;
  const place = placeOf(name);
  await makeRoom(place.arn, name, previous);
  return publishMachine(place, document);
}

const FUNCTION_ARNS: Record<(typeof MACHINE_FUNCTIONS)[number], EnvName> = {
  SendFunction: 'sendFunction',
  ParkFunction: 'parkFunction',
  StepFunction: 'stepFunction',
  CallFunction: 'callFunction',
};

/** The document with the ARNs of this stack's functions. */
const withFunctions = (document: string): string =>
  MACHINE_FUNCTIONS.reduce((text, name) => text.replaceAll(`\${${name}}`, () => env(FUNCTION_ARNS[name])), document);

/** Step Functions takes 80 characters. */
const LONGEST_NAME = 80;

function placeOf(workflow: string) {
  const wanted = `${env('machinePrefix')}-${workflow}`;
  const short = createHash('sha256').update(workflow).digest('hex').slice(0, 8);
  const name = wanted.length <= LONGEST_NAME ? wanted : `${wanted.slice(0, LONGEST_NAME - 9)}-${short}`;
  // arn:<partition>:lambda:<region>:<account>:function:<name> says where this stack is.
  const [, partition, , region, account] = env('sendFunction').split(':');
  const arn = `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
  return { name, arn, role: env('machineRole'), logGroup: env('machineLogGroup') };
}

/** Every workflow that was ever published: enrolments of one that is gone can still be paused. */
async function rememberNames(names: string[]): Promise<void> {
  if (names.length === 0) return;
  await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(workflowNamesKey),
      UpdateExpression: 'ADD #names :names',
      ExpressionAttributeNames: { '#names': 'names' },
      ExpressionAttributeValues: { ':names': { SS: names } },
    }),
  );
}

const namesShape = z.object({ names: z.set(z.string()) });

export async function workflowNames(): Promise<string[]> {
  const item = await getItem(workflowNamesKey);
  return item ? [...z.parse(namesShape, item).names].sort() : [];
}

/**
 * Changes what is paused.
 * @returns the pointer as it is now. @throws Error before the first publication.
 */
export function changePaused(
  change: (paused: Published['paused']) => Published['paused'],
  note: Note,
): Promise<Published> {
  return untilNoted(async (before) => {
    const paused = change(before.paused);
    return JSON.stringify(paused) === JSON.stringify(before.paused)
      ? before
      : notePublication(before, note, { paused });
  });
}

/**
 * Changes something about what is published, on the pointer as it is, and again when somebody else changed it meanwhile.
 * @throws Error before the first publication.
 */
export async function untilNoted(change: (before: Published) => Promise<Published | 'stale'>): Promise<Published> {
  for (let tried = 0; tried < TRIES; tried++) {
    const before = await currentPointer();
    if (!before) throw new Error('No definition has been published yet.');
    const changed = await change(before);
    if (changed !== 'stale') return changed;
  }
  throw new Error('Others publish all the time: nothing was changed.');
}
