/** A decision as the writes of one transaction, each with what its failed condition would mean. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Decision, HandoffChange } from '../lead/decision.ts';
import { actKeyOf, type Instant, type LeadEvent } from '../lead/event.ts';
import type { Enrolment, Lead } from '../lead/lead.ts';
import { toItem, values } from './dynamo.ts';
import {
  emailItem,
  enrolmentItem,
  enrolmentKey,
  eventItem,
  eventKey,
  handoffItem,
  handoffKey,
  handoffListPk,
  type Item,
  type Key,
  later,
  mergingItem,
  onceItem,
  onceKey,
  profileItem,
  profileKey,
  type StoredEvent,
  submitItem,
} from './table.ts';

/** A post that counts once: the same hash again before `again` is the same submission. */
export interface Submission {
  id: string;
  /**
   * What makes another post the same one, the surest first: the hashes of its key and of its values. A submission of that
   * hash from before `again` does not count any more.
   */
  same: { hash: string; again: Instant }[];
}

/** What a write's failed condition tells. */
export type Cause =
  | { kind: 'taken' }
  | { kind: 'submitted' }
  | { kind: 'happened'; key: string }
  | { kind: 'stale' }
  | { kind: 'seen'; marker: string };

export interface Write {
  item: TransactWriteItem;
  cause: Cause;
}

const STALE: Cause = { kind: 'stale' };
const ANSWERS = new Set<Cause['kind']>(['taken', 'submitted']);
const NEW = 'attribute_not_exists(pk)';
/** No condition: whatever stood there is replaced. */
export const ANY = '';

export const put = (item: Item, cause: Cause, condition = NEW, named: object = {}): Write => ({
  cause,
  item: {
    Put: {
      TableName: env('table'),
      Item: toItem(item),
      ...(condition === ANY ? {} : { ConditionExpression: condition }),
      // Says whose the address is, and which submission it was.
      ...(ANSWERS.has(cause.kind) ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const } : {}),
      ...named,
    },
  },
});

export const removeIf = (key: Key, cause: Cause, condition: string, named: object): Write => ({
  cause,
  item: { Delete: { TableName: env('table'), Key: toItem(key), ConditionExpression: condition, ...named } },
});

function update(key: Key, expression: string, named: Record<string, unknown>, names: Record<string, string>): Write {
  const attributes = Object.keys(named).length > 0 ? { ExpressionAttributeValues: values(named) } : {};
  return {
    cause: STALE,
    item: {
      Update: {
        TableName: env('table'),
        Key: toItem(key),
        UpdateExpression: expression,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: names,
        ...attributes,
      },
    },
  };
}

/**
 * The address leads to the other lead from now on, and what is left is swept until it has gone over. Of two leads that are
 * merged into each other at once, the later finds the other one gone.
 */
const givenUp = (lead: Lead, into: string): Write[] => [
  {
    cause: STALE,
    item: { ConditionCheck: notMerged(into, 'attribute_exists(pk) AND attribute_not_exists(body.erased)') },
  },
  put(emailItem(lead.email.key, into), STALE, 'body.leadId = :own', {
    ExpressionAttributeValues: values({ ':own': lead.id }),
  }),
  put(mergingItem(lead.id, later(lead.updatedAt, MERGING_GRACE_MS)), STALE, ANY),
];

/** Holds while the lead has not been merged into another one; `also`: and this. */
export const notMerged = (leadId: string, also?: string) => ({
  TableName: env('table'),
  Key: toItem(profileKey(leadId)),
  ConditionExpression: `${also ? `${also} AND ` : ''}attribute_not_exists(body.mergedInto)`,
});

/** Its own message sees to it at once; the sweeper what a crash left. */
const MERGING_GRACE_MS = 60_000;

/** The profile, if its version is still the one decided upon; and the address, if the lead is new. */
export function leadWrites(before: Lead, next: Lead): Write[] {
  if (before.version === 0) {
    // What outlived an erased lead of this address went into the new one as it was read.
    const free = before.suppressed || before.stopped ? 'attribute_not_exists(body.leadId)' : NEW;
    return [put(profileItem(next), STALE), put(emailItem(next.email.key, next.id), { kind: 'taken' }, free)];
  }
  const read = { ExpressionAttributeValues: values({ ':read': before.version }) };
  const profile = put(profileItem(next), STALE, 'body.version = :read', read);
  return next.mergedInto === undefined ? [profile] : [profile, ...givenUp(next, next.mergedInto)];
}

export const submissionWrites = (leadId: string, { id, same }: Submission, at: Instant): Write[] =>
  same.map(({ hash, again }) =>
    put(submitItem(leadId, hash, id, at), { kind: 'submitted' }, `${NEW} OR body.#at < :again`, {
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: values({ ':again': again }),
    }),
  );

/** All that a decision changes beside the lead itself. `resumed`: the enrolments that it resumes, as they are stored. */
export function decisionWrites(decision: Decision, resumed: Enrolment[], at: Instant): Write[] {
  const leadId = decision.lead.id;
  const { start, end, resume } = decision.enrolments;
  const { open, change } = decision.handoff;
  return [
    ...eventWrites(decision.events),
    ...decision.superseded.map((old) => supersede(leadId, old.key)),
    ...decision.markers.map((marker) => put(onceItem(leadId, marker, at), { kind: 'seen', marker })),
    ...(decision.unmarked ?? []).map((marker) => remove(onceKey(leadId, marker))),
    ...start.map((enrolment) => put(enrolmentItem(enrolment), STALE)),
    ...end.map((ended) => endEnrolment(leadId, ended, at)),
    ...resumed.map((held) => resumeEnrolment(held, resume.find((one) => one.id === held.id)?.run ?? held.run + 1, at)),
    ...(open ? [put(handoffItem(open), STALE)] : []),
    ...(change ? [changeHandoff(leadId, change.id, change.set)] : []),
  ];
}

/** One item each, with what it entailed. */
const eventWrites = (events: LeadEvent[]): Write[] =>
  [...Map.groupBy(events, ({ key }) => actKeyOf(key))].flatMap(([act, together]) => {
    const first = together.find(({ key }) => key === act);
    if (!first) return together.map(eventWrite);
    const entailed = together.filter((event) => event !== first);
    return [eventWrite(entailed.length > 0 ? { ...first, entailed } : first)];
  });

const eventWrite = (event: StoredEvent): Write => put(eventItem(event), { kind: 'happened', key: event.key });

/** Gone already is as well. */
const remove = (key: Key): Write => ({
  cause: STALE,
  item: { Delete: { TableName: env('table'), Key: toItem(key) } },
});

const supersede = (leadId: string, key: string): Write =>
  update(eventKey(leadId, key), 'SET body.superseded = :yes', { ':yes': true }, {});

/** Nothing is due any more. */
function endEnrolment(leadId: string, ended: { id: string; reason: string }, at: Instant): Write {
  const expression =
    'SET body.#status = :ended, body.#reason = :reason, body.endedAt = if_not_exists(body.endedAt, :at) ' +
    'REMOVE duePk, dueAt, listPk, listSk';
  const named = { ':ended': 'ended', ':reason': ended.reason, ':at': at };
  return update(enrolmentKey(leadId, ended.id), expression, named, { '#status': 'status', '#reason': 'reason' });
}

/** Due at once: what it was held for has come. Written whole, since both indexes change with it; only if nobody else moved it on. */
function resumeEnrolment({ reason: _, ...held }: Enrolment, run: number, at: Instant): Write {
  return put(
    enrolmentItem({ ...held, status: 'active', run, dueAt: at }),
    STALE,
    'body.run = :run AND body.#status = :held',
    {
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: values({ ':run': held.run, ':held': held.status }),
    },
  );
}

function changeHandoff(leadId: string, id: string, set: HandoffChange): Write {
  const names: Record<string, string> = { '#version': 'version' };
  const named: Record<string, unknown> = { ':one': 1 };
  const sets = ['body.#version = body.#version + :one'];
  const removes: string[] = [];
  Object.entries(set).forEach(([attribute, value], i) => {
    names[`#a${i}`] = attribute;
    if (value === null || value === undefined) removes.push(`body.#a${i}`);
    else {
      sets.push(`body.#a${i} = :a${i}`);
      named[`:a${i}`] = value;
    }
  });
  if (set.status) {
    sets.push('listPk = :listPk');
    named[':listPk'] = handoffListPk(id, set.status);
  }
  const expression = `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`;
  return update(handoffKey(leadId, id), expression, named, names);
}
