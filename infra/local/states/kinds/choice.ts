/** Choice: goes where the first rule that holds points to, or to its default. */
import { isDeepStrictEqual } from 'node:util';
import { StateFailure } from '../failure.ts';
import { isRecord } from '../json.ts';
import { assign, list, note, type Part, partOf, requireFields, template, text } from '../machine/field.ts';
import { checkFields } from '../machine/known-fields.ts';
import type { ChoiceRule, ChoiceState } from '../machine/machine.ts';
import { leave } from '../run/leave.ts';
import type { Leave } from '../run/step.ts';
import { unexpected } from '../run/typed-value.ts';
import type { Visit } from '../run/visit.ts';

export function compileChoice(part: Part, name: string): ChoiceState {
  requireFields(part, 'Choices');
  const rules = list(part, 'Choices').flatMap((value, index) => {
    const rule = partOf(part, value, `Choices[${index}]`);
    return rule ? [compileRule(part, rule, index)] : [];
  });
  return {
    type: 'Choice',
    name,
    rules,
    otherwise: text(part, 'Default'),
    assign: assign(part),
    output: template(part, 'Output'),
  };
}

function compileRule(state: Part, given: Part, index: number): ChoiceRule {
  checkFields(given, ['Condition', 'Next', 'Assign', 'Output', 'Comment']);
  requireFields(given, 'Condition', 'Next');
  const rule = withStateFields(state, given);
  const prefix = `Choices[${index}]/`;
  const condition = template(rule, 'Condition', [], prefix);
  if (condition?.constant) note(rule, 'Condition must be a JSONata expression', 'Condition');
  return {
    condition: condition ?? NEVER,
    next: text(rule, 'Next') ?? '',
    assign: assign(rule, [], prefix),
    output: template(rule, 'Output', [], prefix),
  };
}

/**
 * `Assign` and `Output` beside the rules apply whichever rule matches (AWS developer guide, "Choice workflow state").
 * Which of the two wins where a rule says otherwise is not documented, so that is refused.
 */
function withStateFields(state: Part, rule: Part): Part {
  const { Assign: outer, Output: output } = state.fields;
  const { Assign: inner = {}, Output: own = output } = rule.fields;
  const conflict = (field: string) =>
    note(rule, `Field '${field}' says something else in the Choice state itself`, field);
  if (output !== undefined && !isDeepStrictEqual(own, output)) conflict('Output');
  if (!isRecord(outer) || !isRecord(inner)) return { ...rule, fields: { ...rule.fields, Output: own } };
  for (const [name, value] of Object.entries(inner)) {
    if (Object.hasOwn(outer, name) && !isDeepStrictEqual(outer[name], value)) conflict(`Assign/${name}`);
  }
  return { ...rule, fields: { ...rule.fields, Output: own, Assign: { ...outer, ...inner } } };
}

const NEVER = { location: 'Condition', constant: true, evaluate: () => false };

export async function runChoice(visit: Visit, state: ChoiceState): Promise<Leave> {
  const bindings = visit.bindings();
  for (const rule of state.rules) {
    let holds = rule.condition.evaluate(bindings, visit.now);
    if (holds instanceof Promise) holds = await holds;
    if (typeof holds !== 'boolean') throw unexpected(rule.condition, 'boolean', holds);
    if (holds) return leave(visit, rule, visit.input);
  }
  if (state.otherwise !== undefined) {
    return leave(visit, { assign: state.assign, output: state.output, next: state.otherwise }, visit.input);
  }
  throw new StateFailure({
    error: 'States.NoChoiceMatched',
    cause: 'No choice rule matched, and there is no Default.',
  });
}
