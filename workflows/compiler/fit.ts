/** The `fit` part of scoring.yaml. */
import type { FieldType, FitRule, Scoring } from '../../functions/definition/scoring.ts';
import { checkFieldValue, checkLeak } from './field-value.ts';
import { unknownLeadKey } from './lead-condition.ts';
import type { Names } from './names.ts';
import { mostFit } from './reach.ts';
import type { ScoringFile } from './scoring-shape.ts';
import { below, fail, type Spot, warn } from './source.ts';

type File = ScoringFile['fit'];

export function compileFit(file: File, spot: Spot, names: Names): Scoring['fit'] {
  const { A, B, C } = file.grades;
  if (!(A > B && B > C)) {
    fail(below(spot, 'grades'), 'The grades must fall: A above B, B above C.', { key: true });
  }
  const rules = Object.entries(file.rules).map(([name, rule]): [string, FitRule] => [
    name,
    compileRule(rule, below(spot, 'rules', name), names),
  ]);
  const most = rules.reduce((sum, [, rule]) => sum + mostFit(rule), 0);
  if (rules.length > 0 && most < A) {
    warn(below(spot, 'grades', 'A'), `All rules together give ${most} points: nobody reaches grade A.`);
  }
  return { grades: file.grades, rules: Object.fromEntries(rules) };
}

function compileRule(rule: File['rules'][string], spot: Spot, names: Names): FitRule {
  const field = names.scoringFields.get(rule.field);
  const at = below(spot, 'field');
  if (!field) {
    unknownLeadKey(rule.field, at, { fields: names.scoringFields, names, at: 'value' });
  } else {
    checkLeak(rule.field, field, at, false);
  }
  if ((rule.points === undefined) === (rule.matches === undefined)) {
    fail(spot, 'A rule of fit has either `points:` (by value) or `matches:` (by word).', { key: true });
  }
  if (rule.matches) {
    if (field?.type && field.type.type !== 'text') {
      fail(below(spot, 'matches'), `\`${rule.field}\` is a ${field.type.type}; only a text has words.`, { key: true });
    }
    return { field: rule.field, matches: rule.matches };
  }
  return pointsRule(rule.field, rule.points ?? {}, below(spot, 'points'), field?.type);
}

function pointsRule(field: string, points: Record<string, number>, spot: Spot, type: FieldType | undefined): FitRule {
  const entries = Object.entries(points);
  if (entries.length === 0) fail(spot, '`points` names no value.');
  const hasOther = !(type?.type === 'choice' && type.of.includes('other'));
  const named = entries.filter(([value]) => !(hasOther && value === 'other'));
  if (type?.type === 'number') {
    fail(spot, `\`${field}\` is a number: points go by value, and a number has too many.`, {
      hint: 'Ask for a choice of ranges instead.',
    });
  } else if (type) {
    for (const [value] of named) checkFieldValue(field, type, value, below(spot, value), true);
  }
  const other = hasOther ? points.other : undefined;
  return { field, points: Object.fromEntries(named), ...(other === undefined ? {} : { other }) };
}
