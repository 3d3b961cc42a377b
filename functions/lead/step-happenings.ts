/** What a step does to a lead, as something that happened to it: once for one step of one enrolment, however often it is tried. */
import type { Step } from '../definition/workflow.ts';
import type { Happening, Instant } from './event.ts';
import type { Enrolment } from './lead.ts';

/** Of a `set` step: the fields and tags. The values are the definition's, nobody's own. */
export const settingOf = (
  step: Extract<Step, { kind: 'set' }>,
  { id, workflow }: Pick<Enrolment, 'id' | 'workflow'>,
  now: Instant,
): Happening => {
  const { add, remove } = step.tags;
  const set = Object.entries(step.fields).map(([field, value]) => `${field}: ${value}`);
  const tagged = [...add.map((tag) => `tag ${tag}`), ...remove.map((tag) => `no tag ${tag}`)];
  return {
    key: `set:${id}:${step.id}`,
    type: 'lead.noted',
    at: now,
    actor: 'clock',
    data: { workflow, step: step.id, what: [...set, ...tagged].join(', ') },
    ...(set.length > 0 && { fields: step.fields }),
    ...(tagged.length > 0 && {
      tags: { ...(add.length > 0 && { add }), ...(remove.length > 0 && { remove }) },
    }),
  };
};

/** Of an `enrol` step: the other workflow is to begin, where that one's `again` allows it. */
export const callOf = (
  step: Extract<Step, { kind: 'enrol' }>,
  { id, workflow }: Pick<Enrolment, 'id' | 'workflow'>,
  now: Instant,
): Happening => ({
  key: `enrol:${id}:${step.id}`,
  type: 'enrolment.called',
  at: now,
  actor: 'clock',
  data: { workflow: step.workflow, by: workflow },
});
