/**
 * The one publisher of definitions: as a custom resource of the stack (what is packaged beside it), by `ripen publish`
 * (what was stored before), and for `ripen pause` and `ripen resume`. Moves the leads that a new version moves, and mends
 * mails of versions that are running.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { answerStack, type CustomResource, customResource } from './adapters/cloudformation.ts';
import { manifest, storeDefinition } from './adapters/definitions.ts';
import { mendMail } from './adapters/mending.ts';
import { type Moved, moveLeads } from './adapters/moving.ts';
import { changePaused, publishDefinition, workflowNames } from './adapters/publisher.ts';
import { resumeEnrolments } from './adapters/resume.ts';
import { now } from './clock.ts';
import type { Definition, Published } from './definition/definition.ts';
import type { Email } from './definition/settings.ts';
import { log } from './http/log.ts';

// Written by `ripen publish` from the compiler's typed value.
const mail = z.custom<Email>(
  (value) =>
    z.looseObject({ subject: z.string(), html: z.string(), text: z.string(), class: z.string() }).safeParse(value)
      .success,
);
const asked = { workflow: z.optional(z.string()), all: z.optional(z.boolean()), by: z.optional(z.string()) };
const command = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('publish'),
    hash: z.string(),
    expected: z.optional(z.string()),
    by: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('move') }),
  z.object({
    kind: z.literal('mend'),
    name: z.string(),
    mails: z.record(z.string(), mail),
    versions: z.array(z.string()),
    by: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('pause'), ...asked }),
  z.object({ kind: z.literal('resume'), ...asked }),
]);
type Command = z.infer<typeof command>;
type What = { workflow?: string | undefined; all?: boolean | undefined; by?: string | undefined };

/** What the sweeper sends when the moving of leads was left unfinished. */
const moving = z.object({ 'detail-type': z.literal('definition.moving') });

export async function handler(event: unknown): Promise<object> {
  const request = customResource.safeParse(event);
  if (request.success) return deploy(request.data);
  if (moving.safeParse(event).success) return move(LONG_MS);
  return obey(z.parse(command, event));
}

/** Somebody waits for the answer of a command, and calls again; a deployment and the sweeper have time. */
const SHORT_MS = 20_000;
const LONG_MS = 200_000;

async function move(forMs: number): Promise<Moved> {
  const end = Date.parse(now()) + forMs;
  const result = await moveLeads(now, () => Date.parse(now()) > end);
  log.info('leads were moved', { count: result.moved + result.ended, outcome: result.left ? 'more to come' : 'all' });
  return result;
}

async function obey(order: Command): Promise<object> {
  switch (order.kind) {
    case 'publish': {
      const { hash, publication } = await publishDefinition(order.hash, now(), order);
      log.info('published', { definition: hash, count: publication });
      return { hash, publication };
    }
    case 'move':
      return move(SHORT_MS);
    case 'mend': {
      const { versions, name, mails, by } = order;
      const mended = await mendMail(versions, name, mails, { at: now(), by });
      return { publication: mended.published.publication, versions: mended.versions };
    }
    case 'pause':
      return pause(order);
    case 'resume':
      return resume(order);
  }
}

async function pause(what: What): Promise<object> {
  const workflow = await known(what);
  const { paused } = await changePaused(
    (before) =>
      workflow === undefined
        ? { ...before, all: true }
        : { ...before, workflows: withName(before.workflows, workflow) },
    { what: 'paused', at: now(), by: what.by, about: workflow ?? 'all' },
  );
  return { paused };
}

const withName = (names: string[], name: string): string[] => [...new Set([...names, name])].sort();

async function resume(what: What): Promise<object> {
  const workflow = await known(what);
  const { paused } = await changePaused((before) => (workflow === undefined ? released() : without(before, workflow)), {
    what: 'resumed',
    at: now(),
    by: what.by,
    about: workflow ?? 'all',
  });
  let resumed = 0;
  for (const name of workflow === undefined ? await workflowNames() : [workflow]) {
    resumed += await resumeEnrolments(name, now());
  }
  return { paused, resumed };
}

/** The brake begins anew: it must not be pulled again by what was counted before. */
const released = (): Published['paused'] => ({ workflows: [], since: now() });

function without(paused: Published['paused'], workflow: string): Published['paused'] {
  if (paused.all) throw new Error('All workflows are paused: resume all of them.');
  return { ...paused, workflows: paused.workflows.filter((name) => name !== workflow) };
}

/** The workflow that is meant; undefined for all. @throws Error for one that was never published, or for neither. */
async function known({ workflow, all }: What): Promise<string | undefined> {
  if (all) return undefined;
  if (!workflow) throw new Error('Say which workflow, or all.');
  const names = await workflowNames();
  if (!names.includes(workflow)) {
    throw new Error(`There is no workflow ${workflow}. Published: ${names.join(', ') || 'none'}.`);
  }
  return workflow;
}

const PHYSICAL_ID = 'ripen-definition';

/** Machines and definitions outlive the stack's resource: deleting it would kill the leads inside them. */
async function deploy(request: CustomResource): Promise<object> {
  try {
    const data = request.RequestType === 'Delete' ? {} : await publishPackaged(request.ResourceProperties.hash);
    await answerStack(request, PHYSICAL_ID, { ok: true, data });
    return data;
  } catch (error) {
    log.error('the definition was not published', { definition: request.ResourceProperties.hash, error });
    const reason = error instanceof Error ? error.message : 'unknown';
    await answerStack(request, PHYSICAL_ID, { ok: false, reason });
    return { reason };
  }
}

async function publishPackaged(hash: string): Promise<Record<string, string>> {
  // A rollback asks for the definition before, which is stored, with the new one packaged.
  if (!(await manifest(hash))) await storePackaged(hash);
  const { publication } = await publishDefinition(hash, now(), { by: 'deployment' });
  await move(LONG_MS);
  return { hash, publication: String(publication) };
}

// Written by the stack from the compiler's typed value; the hash proves which it is.
const packaged = z.custom<Definition>(
  (value) => z.looseObject({ hash: z.string(), settings: z.looseObject({}) }).safeParse(value).success,
);

async function storePackaged(hash: string): Promise<void> {
  const text = await readFile(join(import.meta.dirname, 'definition.json'), 'utf8');
  const definition = z.parse(packaged, JSON.parse(text));
  if (definition.hash !== hash) throw new Error(`Definition ${definition.hash} is packaged, not ${hash}.`);
  await storeDefinition(definition);
}
