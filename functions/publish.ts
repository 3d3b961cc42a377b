/**
 * The one publisher of definitions: as a custom resource of the stack (what is packaged beside it), by `ripen publish`
 * (what was stored before), and for `ripen pause` and `ripen resume`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { answerStack, type CustomResource, customResource } from './adapters/cloudformation.ts';
import { manifest, storeDefinition } from './adapters/definitions.ts';
import { changePaused, publishDefinition, workflowNames } from './adapters/publisher.ts';
import { resumeEnrolments } from './adapters/resume.ts';
import { now } from './clock.ts';
import type { Definition, Published } from './definition/definition.ts';
import { log } from './http/log.ts';

const command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('publish'), hash: z.string(), expected: z.optional(z.string()) }),
  z.object({ kind: z.literal('pause'), workflow: z.optional(z.string()), all: z.optional(z.boolean()) }),
  z.object({ kind: z.literal('resume'), workflow: z.optional(z.string()), all: z.optional(z.boolean()) }),
]);
type Command = z.infer<typeof command>;
type What = { workflow?: string | undefined; all?: boolean | undefined };

export async function handler(event: unknown): Promise<object> {
  const request = customResource.safeParse(event);
  if (request.success) return deploy(request.data);
  return obey(z.parse(command, event));
}

async function obey(order: Command): Promise<object> {
  switch (order.kind) {
    case 'publish': {
      const { hash, publication } = await publishDefinition(order.hash, now(), order.expected);
      log.info('published', { definition: hash, count: publication });
      return { hash, publication };
    }
    case 'pause':
      return pause(order);
    case 'resume':
      return resume(order);
  }
}

async function pause(what: What): Promise<object> {
  const workflow = await known(what);
  const { paused } = await changePaused((before) =>
    workflow === undefined ? { ...before, all: true } : { ...before, workflows: withName(before.workflows, workflow) },
  );
  return { paused };
}

const withName = (names: string[], name: string): string[] => [...new Set([...names, name])].sort();

async function resume(what: What): Promise<object> {
  const workflow = await known(what);
  const { paused } = await changePaused((before) => (workflow === undefined ? NOTHING : without(before, workflow)));
  let resumed = 0;
  for (const name of workflow === undefined ? await workflowNames() : [workflow]) {
    resumed += await resumeEnrolments(name, now());
  }
  return { paused, resumed };
}

const NOTHING: Published['paused'] = { workflows: [] };

function without(paused: Published['paused'], workflow: string): Published['paused'] {
  if (paused.all) throw new Error('All workflows are paused: resume all of them.');
  return { workflows: paused.workflows.filter((name) => name !== workflow) };
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
  const { publication } = await publishDefinition(hash, now());
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
