/** Checks what can be read of a workflow of which something has the wrong shape: one run tells what is wrong with all of it. */
import type { Names } from './names.ts';
import { isMapping, type Path, type Source, valueAt } from './source.ts';
import { compileWorkflow } from './workflow.ts';
import { WorkflowFile } from './workflow-shape.ts';

/** Taking something out may uncover a fault that stood behind it; so often it is tried. */
const TRIES = 4;

/** Says the errors of the rest. What is only doubtful may come from what is left out, and waits. */
export function checkRest(source: Source, name: string, names: Names): void {
  if (!source.sound || !isMapping(source.raw)) return;
  const { moved: _, ...raw } = structuredClone(source.raw);
  const file = restOf({ ...raw, workflow: name });
  if (!file) return;
  const apart: Source = { ...source, problems: [] };
  compileWorkflow(file, apart, names);
  source.problems.push(...apart.problems.filter(({ severity }) => severity === 'error'));
}

/** The file without what is wrong; undefined where too much is. */
function restOf(raw: Record<string, unknown>): WorkflowFile | undefined {
  for (let count = 0; count < TRIES; count++) {
    const result = WorkflowFile.safeParse(raw);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
      leaveOut(raw, issue.path.map(keyOf), unknown);
    }
  }
  return undefined;
}

const keyOf = (key: PropertyKey): string | number => (typeof key === 'number' ? key : String(key));

/** A step that has a fault becomes one that names nothing, so that the others keep their places; else the key goes. */
function leaveOut(raw: Record<string, unknown>, path: Path, unknown: string[]): void {
  const at = path.findLastIndex(
    (key, index) => typeof key === 'number' && LISTS.has(String(path[index - 1])) && path[0] === 'steps',
  );
  const list = at > 0 ? valueAt(raw, path.slice(0, at)) : undefined;
  if (Array.isArray(list)) list[Number(path[at])] = { tag: 'left-out' };
  else for (const key of path.length > 0 ? [String(path[0])] : unknown) delete raw[key];
}

const LISTS = new Set(['steps', 'then', 'otherwise']);
