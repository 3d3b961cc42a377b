/** Reads what is published and what waits there, and compares it with a definition. */
import type { Definition } from '../../functions/definition/definition.ts';
import type { Instant } from '../../functions/lead/event.ts';
import { compare, type Plan, type Published, type Side } from '../../workflows/plan/compare.ts';
import type { Target } from './target.ts';

/** What publishing this definition would do to the system whose table the environment names (see `findTarget`). */
export async function planFor(definition: Definition, target: Target): Promise<Plan> {
  const { emails, machines: _, ...rules } = definition;
  return planOf({ rules: { ...rules }, emails }, await target.now());
}

/** The same for a version that was published before. @throws Error when it is not stored. */
export async function planBack(hash: string, target: Target): Promise<Plan> {
  const at = await target.now();
  return planOf(await sideOf(hash, at), at);
}

/** `at`: what mails are mended by then. */
async function planOf(after: Side, at: Instant): Promise<Plan> {
  const { currentPointer, manifest, rules } = await import('../../functions/adapters/definitions.ts');
  const { standingLeads } = await import('../../functions/adapters/publications.ts');
  const [pointer, standing] = await Promise.all([currentPointer(), standingLeads()]);
  const known = [after.rules.hash, ...(pointer ? [pointer.hash] : []), ...standing.map(({ definition }) => definition)];
  const versions: Record<string, Published> = {};
  for (const hash of new Set(known)) {
    const stored = await manifest(hash);
    if (stored) versions[hash] = { hash, at: stored.at, workflows: (await rules(hash)).workflows };
  }
  const before = pointer && (await sideOf(pointer.hash, at));
  // Published the moment that nobody has published yet.
  return compare({ before, after, standing: joined(standing), versions, now: '9999-12-31T00:00:00.000Z' });
}

async function sideOf(hash: string, at: Instant): Promise<Side> {
  const { rules } = await import('../../functions/adapters/definitions.ts');
  const { publishedEmails } = await import('../../functions/adapters/publications.ts');
  return { rules: await rules(hash), emails: await publishedEmails(hash, at) };
}

type Counted = { workflow: string; definition: string; step: string; leads: number };

/** Paused leads and the others at one step are one line. */
function joined(standing: Counted[]): Counted[] {
  const sums = new Map<string, Counted>();
  for (const { workflow, definition, step, leads } of standing) {
    const key = `${workflow} ${definition} ${step}`;
    sums.set(key, { workflow, definition, step, leads: leads + (sums.get(key)?.leads ?? 0) });
  }
  return [...sums.values()];
}

/** The one published version whose hash begins so. @throws Error when there is none, or more than one. */
export async function findVersion(beginning: string): Promise<string> {
  const { currentPointer } = await import('../../functions/adapters/definitions.ts');
  const { publications } = await import('../../functions/adapters/publications.ts');
  const hashes = new Set((await publications()).map(({ hash }) => hash));
  const pointer = await currentPointer();
  if (pointer) hashes.add(pointer.hash);
  const found = [...hashes].filter((hash) => hash.startsWith(beginning));
  if (found.length === 1) return found[0] as string;
  throw new Error(
    found.length === 0
      ? `No version ${beginning} was ever published here; "ripen versions" lists them.`
      : `${beginning} is the beginning of ${found.length} versions: give more of it.`,
  );
}
