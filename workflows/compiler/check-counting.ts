/** Whether two rules of engagement give points for one act. */
import { CONVERSIONS, type Form } from '../../functions/definition/form.ts';
import type { EngagementRule, Scoring } from '../../functions/definition/scoring.ts';
import { whereHolds } from '../../functions/lead/condition.ts';
import { dataOf } from '../../functions/lead/form-data.ts';
import { boundsOf } from './reach.ts';
import { below, type Spot, warn } from './source.ts';
import { type Bounds, holdsIn, type Way, waysOf } from './ways.ts';

/** `spot`: the scoring file. */
export function checkCounting(scoring: Scoring, forms: Record<string, Form>, spot: Spot): void {
  const bounds = boundsOf(scoring);
  const rules = Object.entries(scoring.engagement.rules).filter(([, rule]) => rule.points > 0);
  for (const [index, [name, rule]] of rules.entries()) {
    for (const [other, before] of rules.slice(0, index)) {
      const act = rule.on === before.on ? sameEvent(before, rule, bounds) : sameForm(before, rule, forms);
      if (act === undefined) continue;
      const hint =
        'Let their `where` tell the acts apart, or put a general and a special rule into one group with a cap.';
      warn(below(spot, 'engagement', 'rules', name), `${act} counts twice: by \`${other}\` and by \`${name}\`.`, {
        key: true,
        hint,
      });
    }
  }
}

/** Of one group a rule may be a special case of the other: what both give ends at the group's cap. */
function sameEvent(a: EngagementRule, b: EngagementRule, bounds: Bounds): string | undefined {
  const conditions = [a.where, b.where].filter((where) => where !== undefined);
  const ways = waysOf(conditions, bounds);
  if (!ways) return undefined;
  const holds = (rule: EngagementRule, way: Way) => rule.where === undefined || holdsIn(rule.where, way, bounds);
  const both = ways.filter((way) => holds(a, way) && holds(b, way));
  if (both.length === 0) return undefined;
  const special = ways.some((way) => holds(a, way) !== holds(b, way));
  return a.group !== undefined && a.group === b.group && special ? undefined : `An event \`${a.on}\``;
}

/** A form's post is an event, and so is the conversion that it stands for. */
function sameForm(a: EngagementRule, b: EngagementRule, forms: Record<string, Form>): string | undefined {
  if (a.group !== undefined && a.group === b.group) return undefined;
  const [post, conversion] = a.on === 'form.submitted' ? [a, b] : [b, a];
  if (post.on !== 'form.submitted') return undefined;
  const found = Object.values(forms).find((form) => {
    const data = dataOf(form);
    return (
      CONVERSIONS[form.conversion] === conversion.on && [post, conversion].every(({ where }) => whereHolds(where, data))
    );
  });
  return found && `A post of the form \`${found.name}\``;
}
