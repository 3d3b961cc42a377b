/** `moved:` of a workflow: where leads of older versions go when this one is published. */
import * as z from 'zod';
import type { Moved, Step } from '../../functions/definition/workflow.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { reading, shown, what } from './shape.ts';
import { below, fail, isMapping, type Spot } from './source.ts';

/** The word for no step at all: the lead leaves the workflow. */
const END = 'end';
const VERSION = /^[0-9a-f]{6,64}$/;

/** Old steps to new ones, and the version that they are of. */
export const MovedFile = reading<Record<string, string>>(
  (value) => {
    if (!isMapping(value)) {
      const wrong = `\`moved\` must be a mapping of old steps to new ones, like \`{ old-step: new-step, other-step: end }\`, not ${what(value)}.`;
      return { wrong };
    }
    for (const [key, to] of Object.entries(value)) {
      if (key === 'from' && (typeof to !== 'string' || !VERSION.test(to))) {
        const hint = 'Six letters of it or more, as `ripen versions` shows it; in quotes, where it has digits only.';
        return { wrong: `${shown(to)} is no version.`, params: { key, hint } };
      }
      if (typeof to !== 'string') {
        return { wrong: `A lead moves to a step's name, or to \`end\`, not to ${what(to)}.`, params: { key } };
      }
    }
    return { value: z.record(z.string(), z.string()).parse(value) };
  },
  { type: 'object', additionalProperties: { type: 'string' } },
);
export type MovedFile = z.infer<typeof MovedFile>;

/** Checks that leads are moved to steps that exist. Whether the old ones do, only a published version tells. */
export function compileMoved(file: MovedFile, spot: Spot, steps: Record<string, Step>): Moved {
  const { from, ...moves } = file;
  const names = Object.keys(steps);
  const compiled: Moved['steps'] = {};
  for (const [old, to] of Object.entries(moves)) {
    compiled[old] = to === END ? null : to;
    if (to === END || Object.hasOwn(steps, to)) continue;
    const hint = `In this workflow: ${names.join(', ')}; or \`${END}\`.`;
    fail(below(spot, old), `There is no step \`${to}\` to move leads to.`, {
      nearest: nearest(to, [...names, END]),
      hint,
    });
  }
  if (Object.keys(moves).length === 0) fail(spot, '`moved` names no step.', { key: true, hint: 'Take it out.' });
  return { ...(from === undefined ? {} : { from }), steps: compiled };
}
