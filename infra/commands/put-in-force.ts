/** Storing a definition and putting it in force. Apart from the command, which loads the compiler for its plan. */
import { z } from 'zod';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Target } from './target.ts';

const Result = z.object({ hash: z.string(), publication: z.number() });
const Moved = z.object({ moved: z.number(), ended: z.number(), left: z.boolean() });
export type PublishResult = z.infer<typeof Result> & { moved: number; ended: number };

/** Stores a definition beside the ones before. */
export async function store(definition: Definition): Promise<void> {
  const { storeDefinition } = await import('../../functions/adapters/definitions.ts');
  await storeDefinition(definition);
}

/**
 * Stores a definition beside the ones before and lets the system's publisher put it in force.
 * Killed at any point, either the old or the new version is in force.
 */
export async function publishTo(target: Target, definition: Definition, by?: string): Promise<PublishResult> {
  await store(definition);
  return putInForce(target, definition.hash, by === undefined ? {} : { by });
}

/** Puts a stored version in force and moves its leads, until none is left. */
export async function putInForce(
  target: Target,
  hash: string,
  asked: { by?: string; expected?: string },
): Promise<PublishResult> {
  const published = Result.parse(await target.call('publish', { kind: 'publish', hash, ...asked }));
  let [moved, ended] = [0, 0];
  for (;;) {
    const done = Moved.parse(await target.call('publish', { kind: 'move' }));
    moved += done.moved;
    ended += done.ended;
    if (!done.left) return { ...published, moved, ended };
  }
}
