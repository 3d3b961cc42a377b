/** The `engagement` part of scoring.yaml. */
import type { EngagementRule, Scoring } from '../../functions/definition/scoring.ts';
import { readCondition } from './condition.ts';
import { checkEventName } from './event-name.ts';
import { type Names, requireName } from './names.ts';
import type { ScoringFile } from './scoring-shape.ts';
import { below, fail, type Spot, warn } from './source.ts';

type File = ScoringFile['engagement'];

export function compileEngagement(file: File, spot: Spot, names: Names): Scoring['engagement'] {
  const rules = Object.entries(file.rules).map(([name, rule]): [string, EngagementRule] => [
    name,
    compileRule(rule, below(spot, 'rules', name), names),
  ]);
  return { groups: file.groups ?? {}, rules: Object.fromEntries(rules) };
}

function compileRule(rule: File['rules'][string], spot: Spot, names: Names): EngagementRule {
  checkEventName(below(spot, 'on'), rule.on);
  if (rule.group !== undefined) requireName(below(spot, 'group'), rule.group, names.groups);
  checkPer(rule, spot);
  if (rule.cap !== undefined && rule.cap < Math.abs(rule.points)) {
    warn(below(spot, 'cap'), `The cap (${rule.cap}) is below the points of one event (${rule.points}).`);
  }
  const where = below(spot, 'where');
  return {
    on: rule.on,
    ...(rule.where === undefined
      ? {}
      : { where: readCondition(rule.where, where, { of: 'event', names, event: rule.on }) }),
    points: rule.points,
    per: rule.per ?? 'event',
    ...(rule.cap === undefined ? {} : { cap: rule.cap }),
    ...(rule.halfLife === undefined ? {} : { halfLife: rule.halfLife }),
    ...(rule.group === undefined ? {} : { group: rule.group }),
  };
}

/** `per: email` counts mails, so only the events of a mail have one to count; likewise an asset. */
function checkPer(rule: File['rules'][string], spot: Spot): void {
  const isMail = rule.on.startsWith('email.');
  if (rule.per === 'email' && !isMail) {
    fail(below(spot, 'per'), `\`per: email\` needs an event of a mail; \`${rule.on}\` is none.`);
  }
  if (rule.per === 'asset' && (isMail || rule.on.startsWith('handoff.') || rule.on.startsWith('consent.'))) {
    fail(below(spot, 'per'), `\`per: asset\` needs an event that carries an asset; \`${rule.on}\` does not.`);
  }
}
