/** Checks scoring.yaml across files and compiles it. */
import { type Scoring, STAGES, type StageRule } from '../../functions/definition/scoring.ts';
import { readCondition, type Scope } from './condition.ts';
import { compileEngagement } from './engagement.ts';
import { checkEventName } from './event-name.ts';
import { compileFit } from './fit.ts';
import { RESERVED_FIELDS } from './lead-condition.ts';
import type { Names } from './names.ts';
import type { ScoringFile } from './scoring-shape.ts';
import { checkSensitive } from './sensitive.ts';
import { fail, item, type Source, type Spot, warn } from './source.ts';

/** Compiles a file of the right shape. `today` (YYYY-MM-DD) is what `reviewBy` is compared with. */
export function compileScoring(file: ScoringFile, source: Source, names: Names, today?: string): Scoring {
  const scope: Scope = { of: 'lead', names, fields: names.scoringFields, noLeak: true };
  const at = (...path: (string | number)[]): Spot => ({ source, path });
  for (const field of Object.keys(file.fields ?? {})) checkFieldName(field, at('fields', field));
  checkSensitive(Object.keys(file.fields ?? {}), at('fields'));
  if (file.reviewBy && today && file.reviewBy < today) {
    const hint = 'Go through the points with sales, then set the next date.';
    warn(at('reviewBy'), `The review of this definition was due on ${file.reviewBy}.`, { hint });
  }
  for (const [index, event] of (file.handRaise?.on ?? []).entries()) {
    checkEventName(item(at('handRaise', 'on'), index), event);
  }
  return {
    name: file.scoring,
    owners: file.owners,
    ...(file.reviewBy ? { reviewBy: file.reviewBy } : {}),
    ...(file.capacity ? { capacity: file.capacity } : {}),
    fields: file.fields ?? {},
    lists: file.lists ?? {},
    gates: mapValues(file.gates ?? {}, (gate, name) => readCondition(gate, at('gates', name), scope)),
    fit: compileFit(file.fit, at('fit'), names),
    engagement: compileEngagement(file.engagement, at('engagement'), names),
    handRaise: {
      on: file.handRaise?.on ?? [],
      ...(file.handRaise?.unless === undefined
        ? {}
        : { unless: readCondition(file.handRaise.unless, at('handRaise', 'unless'), scope) }),
    },
    stages: compileStages(file, source, scope),
    content: compileContent(file, source),
  };
}

function checkFieldName(field: string, spot: Spot): void {
  if (RESERVED_FIELDS.includes(field)) {
    fail(spot, `A field cannot be named \`${field}\`: conditions use that word.`, { key: true });
  }
}

function compileStages(file: ScoringFile, source: Source, scope: Scope): StageRule[] {
  const rules: StageRule[] = [];
  for (const [stage, rule] of Object.entries(file.stages ?? {})) {
    const spot: Spot = { source, path: ['stages', stage] };
    const name = STAGES.find((each) => each === stage) ?? 'lead';
    const before = rules.at(-1);
    if (before && STAGES.indexOf(before.stage) > STAGES.indexOf(name)) {
      fail(spot, `\`${stage}\` comes before \`${before.stage}\`: write the stages in their order.`, { key: true });
    }
    if (rule.leaveBelow && name !== 'iql' && name !== 'mql') {
      fail({ source, path: [...spot.path, 'leaveBelow'] }, `\`${stage}\` is left only by an answer or by hand.`, {
        key: true,
      });
    }
    if (rule.stay !== undefined && !rule.leaveBelow) {
      warn({ source, path: [...spot.path, 'stay'] }, '`stay` does nothing without `leaveBelow`.', { key: true });
    }
    rules.push({
      stage: name,
      when: readCondition(rule.when, { source, path: [...spot.path, 'when'] }, scope),
      ...(rule.leaveBelow ? { leaveBelow: rule.leaveBelow } : {}),
      ...(rule.stay === undefined ? {} : { stay: rule.stay }),
    });
  }
  return rules;
}

function compileContent(file: ScoringFile, source: Source): Scoring['content'] {
  if (file.content && 'transactional' in file.content) {
    const hint = 'Transactional mail is what was asked for: it goes out at every stage.';
    fail({ source, path: ['content', 'transactional'] }, '`transactional` is a class of its own.', { key: true, hint });
  }
  return file.content ?? {};
}

/** A record with each value made into another. */
export function mapValues<A, B>(record: Record<string, A>, make: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value, key)]));
}
