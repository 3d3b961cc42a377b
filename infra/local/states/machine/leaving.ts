/** The fields that most states share: `Assign`, `Output`, `Next` and `End`. */
import type { Restricted } from '../expression/references.ts';
import { assign, note, type Part, template, text } from './field.ts';
import type { Leaving } from './machine.ts';

/** `allowed`: the parts of `$states` that exist once the state has done its work. */
export function leaving(part: Part, allowed: readonly Restricted[] = []): Leaving {
  return { assign: assign(part, allowed), output: template(part, 'Output', allowed), next: successor(part) };
}

/** Exactly one of `Next` and `"End": true`. */
function successor(part: Part): string | null {
  const next = text(part, 'Next');
  const end = part.fields.End;
  if (end !== undefined && typeof end !== 'boolean') note(part, 'Expected value of type [BOOLEAN]', 'End');
  if (next !== undefined && end === true) note(part, "Only one of 'Next' and 'End' may be set");
  if (next === undefined && end !== true) note(part, "One of 'Next' and 'End' is required");
  return next ?? null;
}
