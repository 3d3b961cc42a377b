/** Two decisions about one lead, the second made on what the first left, as one commit. */
import type { Context, Decision, HandoffChange } from './decision.ts';
import type { Enrolment, Handoff } from './lead.ts';

const ended = (enrolment: Enrolment, end: Decision['enrolments']['end'], at: string): Enrolment => {
  const { reason } = end.find(({ id }) => id === enrolment.id) ?? {};
  return reason === undefined ? enrolment : { ...enrolment, status: 'ended', reason, endedAt: at };
};

const mergedEnrolments = (first: Decision, second: Decision): Decision['enrolments'] => {
  const [a, b] = [first.enrolments, second.enrolments];
  const started = new Set(a.start.map(({ id }) => id));
  const ends = new Set(b.end.map(({ id }) => id));
  return {
    start: [...a.start.map((enrolment) => ended(enrolment, b.end, second.lead.updatedAt)), ...b.start],
    end: [...a.end, ...b.end.filter(({ id }) => !started.has(id))],
    resume: [...a.resume.filter(({ id }) => !ends.has(id)), ...b.resume],
  };
};

/** The handoff after a change, as the writer would make it. */
const changed = (handoff: Handoff, set: HandoffChange): Handoff => {
  const next: Handoff = { ...handoff, version: handoff.version + 1 };
  for (const [attribute, value] of Object.entries(set)) {
    if (value === null) Reflect.deleteProperty(next, attribute);
    else Object.assign(next, { [attribute]: value });
  }
  return next;
};

/** @throws Error when the two open, or change, different handoffs: then they need a commit each. */
const mergedHandoff = (a: Decision['handoff'], b: Decision['handoff']): Decision['handoff'] => {
  if (a.open && b.open) throw new Error('Two handoffs cannot be opened in one commit.');
  const intoOpen = a.open && b.change?.id === a.open.id ? b.change : undefined;
  const rest = intoOpen ? undefined : b.change;
  if (a.change && rest && a.change.id !== rest.id) throw new Error('Two handoffs cannot be changed in one commit.');
  const open = a.open && intoOpen ? changed(a.open, intoOpen.set) : (a.open ?? b.open);
  const change = rest ? { id: rest.id, set: { ...a.change?.set, ...rest.set } } : a.change;
  return { ...(open && { open }), ...(change && { change }) };
};

/** What the second takes away of the first, and gives back to it, is as if it had not been. */
const mergedMarkers = (first: Decision, second: Decision): Pick<Decision, 'markers' | 'unmarked'> => {
  const [gone, given] = [new Set(second.unmarked), new Set(second.markers)];
  const [had, taken] = [new Set(first.markers), new Set(first.unmarked)];
  const unmarked = [
    ...(first.unmarked ?? []).filter((marker) => !given.has(marker)),
    ...(second.unmarked ?? []).filter((marker) => !had.has(marker)),
  ];
  return {
    markers: [
      ...first.markers.filter((marker) => !gone.has(marker)),
      ...second.markers.filter((marker) => !taken.has(marker)),
    ],
    ...(unmarked.length > 0 && { unmarked }),
  };
};

/** The one decision that the two make together. */
export const merged = (first: Decision, second: Decision): Decision => {
  const gone = new Set(second.superseded.map(({ id }) => id));
  const events = first.events.map((event) => (gone.has(event.id) ? { ...event, superseded: true as const } : event));
  const own = new Set(first.events.map(({ id }) => id));
  return {
    lead: second.lead,
    events: [...events, ...second.events],
    superseded: [...first.superseded, ...second.superseded.filter(({ id }) => !own.has(id))],
    ...mergedMarkers(first, second),
    ...((first.proven || second.proven) && { proven: { ...first.proven, ...second.proven } }),
    enrolments: mergedEnrolments(first, second),
    handoff: mergedHandoff(first.handoff, second.handoff),
    messages: [...first.messages, ...second.messages],
  };
};

/** What the next act finds once this decision counts. */
export const contextAfter = (context: Context, decision: Decision): Context => {
  const { markers, unmarked, events, handoff, superseded } = decision;
  const gone = new Set(superseded.map(({ id }) => id));
  const log = context.log?.map((event) => (gone.has(event.id) ? { ...event, superseded: true as const } : event));
  const same = context.handoff && handoff.change?.id === context.handoff.id ? handoff.change.set : undefined;
  const standing = context.handoff && same ? changed(context.handoff, same) : context.handoff;
  const known = handoff.open ?? standing;
  return {
    ...context,
    seen:
      markers.length > 0 || unmarked
        ? new Set([...context.seen, ...markers]).difference(new Set(unmarked))
        : context.seen,
    ...(log && { log: [...log, ...events] }),
    ...(known !== undefined && { handoff: known }),
  };
};
