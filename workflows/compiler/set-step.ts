/** The steps `set`, `tag` and `untag`: what a workflow notes about a lead. */
import type { FieldValue } from '../../functions/definition/scoring.ts';
import type { Step } from '../../functions/definition/workflow.ts';
import { checkFieldValue } from './field-value.ts';
import { unknownLeadKey } from './lead-condition.ts';
import type { Names } from './names.ts';
import { mapValues } from './scoring.ts';
import { below, fail, type Spot } from './source.ts';
import type { StepFile } from './step-shape.ts';

type Noting = Omit<Extract<Step, { kind: 'set' }>, 'id' | 'title' | 'next'>;

export function compileNoting({ set = {}, tag = [], untag = [] }: StepFile, spot: Spot, names: Names): Noting {
  const fields = mapValues(set, (value, field) => compileValue(field, value, below(spot, 'set', field), names));
  return { kind: 'set', fields, tags: { add: [...new Set(tag)], remove: [...new Set(untag)] } };
}

function compileValue(name: string, value: FieldValue, spot: Spot, names: Names): FieldValue {
  const field = names.leadFields.get(name);
  if (name === 'email') {
    fail(spot, 'The address is who the lead is: no step sets it.', { key: true });
  } else if (!field) {
    const fields = new Map([...names.leadFields].filter(([each]) => each !== 'email'));
    unknownLeadKey(name, spot, { fields, names, at: 'field' });
  } else if (field.type) checkFieldValue(name, field.type, value, spot);
  // A choice is a text, however it is written.
  return field?.type?.type === 'choice' ? String(value) : value;
}
