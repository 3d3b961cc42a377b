/** Choice: goes where the first rule that holds points to, or to its default. */
import { StateFailure } from '../failure.ts';
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

/**
 * AWS documents an `Assign` beside the rules as applying whichever rule matches, the language specification as
 * applying to the default alone. So a machine that has both in one state is refused rather than guessed at.
 */
function compileRule(state: Part, rule: Part, index: number): ChoiceRule {
  checkFields(rule, ['Condition', 'Next', 'Assign', 'Output', 'Comment']);
  requireFields(rule, 'Condition', 'Next');
  for (const field of ['Assign', 'Output']) {
    if (state.fields[field] !== undefined && rule.fields[field] !== undefined) {
      note(rule, `Field '${field}' is not supported in a rule and in its Choice state at once`, field);
    }
  }
  const prefix = `Choices[${index}]/`;
  const condition = template(rule, 'Condition', [], prefix);
  if (condition?.constant && typeof rule.fields.Condition !== 'boolean') {
    note(rule, 'Condition must be a boolean or a JSONata expression', 'Condition');
  }
  return {
    condition: condition ?? NEVER,
    next: text(rule, 'Next') ?? '',
    assign: assign(rule, [], prefix),
    output: template(rule, 'Output', [], prefix),
  };
}

const NEVER = { location: 'Condition', constant: true, evaluate: () => false };

export async function runChoice(visit: Visit, state: ChoiceState): Promise<Leave> {
  const bindings = visit.bindings();
  for (const rule of state.rules) {
    let holds = rule.condition.evaluate(bindings, visit.now);
    if (holds instanceof Promise) holds = await holds;
    if (typeof holds !== 'boolean') throw unexpected(rule.condition, 'boolean', holds);
    if (holds) return leave(visit, { ...both(state, rule), next: rule.next }, visit.input);
  }
  if (state.otherwise !== undefined) {
    return leave(visit, { assign: state.assign, output: state.output, next: state.otherwise }, visit.input);
  }
  throw new StateFailure({
    error: 'States.NoChoiceMatched',
    cause: 'No choice rule matched, and there is no Default.',
  });
}

function both(state: ChoiceState, rule: ChoiceRule) {
  return { assign: rule.assign ?? state.assign, output: rule.output ?? state.output };
}
