/** Checks handoff.yaml across files and compiles it. */
import type { HandoffDefinition, Outcome } from '../../functions/definition/handoff.ts';
import { readCondition, type Scope } from './condition.ts';
import type { HandoffFile } from './handoff-shape.ts';
import { type Names, requireName } from './names.ts';
import { mapValues } from './scoring.ts';
import { below, fail, type Source, type Spot, warn } from './source.ts';

export function compileHandoff(file: HandoffFile, source: Source, names: Names): HandoffDefinition {
  const scope: Scope = { of: 'lead', names, fields: names.leadFields };
  const at = (...path: (string | number)[]): Spot => ({ source, path });
  checkOrder(file, source);
  if (!('accepted' in file.outcomes)) {
    const hint = 'Write `accepted: { stage: sql }`.';
    fail(at('outcomes'), 'There is no outcome `accepted`: sales could never say yes.', { key: true, hint });
  }
  const { remind, escalateTo } = file.answer;
  return {
    name: file.handoff,
    when: readCondition(file.when, at('when'), scope),
    assign: file.assign.map((rule, index) => ({
      ...(rule.where === undefined ? {} : { where: readCondition(rule.where, at('assign', index, 'where'), scope) }),
      to: rule.to,
      by: rule.by ?? 'turns',
    })),
    notify: (file.notify ?? ['email' as const]).map((way, index) => {
      if (way === 'email') return { channel: 'email' };
      requireName(at('notify', index, 'webhook'), way.webhook, names.webhooks);
      return { channel: 'webhook', webhook: way.webhook };
    }),
    answer: {
      within: file.answer.within,
      hours: file.answer.hours,
      ...(remind ? { remind } : {}),
      ...(escalateTo ? { escalateTo } : {}),
    },
    outcomes: mapValues(file.outcomes, (outcome, name) => compileOutcome(name, outcome, at('outcomes', name), names)),
  };
}

/** The first rule that holds assigns, so one without `where` ends the list, and a list without one leaves leads lying. */
function checkOrder(file: HandoffFile, source: Source): void {
  const last = file.assign.findIndex((rule) => rule.where === undefined);
  if (last < 0) {
    const hint = 'End the list with an entry without `where`.';
    fail({ source, path: ['assign'] }, 'A lead for whom no `where` holds would go to nobody.', { key: true, hint });
  } else if (last < file.assign.length - 1) {
    warn({ source, path: ['assign', last + 1] }, 'Nothing gets here: the entry before takes every lead.');
  }
}

function compileOutcome(name: string, outcome: HandoffFile['outcomes'][string], spot: Spot, names: Names): Outcome {
  if (outcome.enrol !== undefined) requireName(below(spot, 'enrol'), outcome.enrol, names.workflows);
  if (name === 'accepted' && outcome.after) {
    fail(below(spot, 'after'), '`accepted` is the first answer: it follows none.', { key: true });
  }
  // Won and lost end what was accepted, whether the file says so or not.
  const after = outcome.after ?? (name === 'won' || name === 'lost' ? 'accepted' : undefined);
  return {
    stage: outcome.stage,
    ...(outcome.enrol === undefined ? {} : { enrol: outcome.enrol }),
    ...(outcome.rest === undefined ? {} : { rest: outcome.rest }),
    ...(after ? { after } : {}),
  };
}
