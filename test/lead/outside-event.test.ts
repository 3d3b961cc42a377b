import { describe, expect, it } from 'vitest';
import { OWN_EVENTS } from '../../functions/lead/event.ts';
import { outsideEventsIn, readOutsideEvent } from '../../functions/lead/outside-event.ts';

const NOW = '2027-03-01T02:00:00.000Z';
const good = { id: 'crm-1', type: 'webinar.attended', email: 'Mai@Company.vn' };
const read = (more: object) => readOutsideEvent({ ...good, ...more }, NOW);
const refusal = (more: object): string | undefined => {
  const event = read(more);
  return 'refused' in event ? event.refused : undefined;
};

describe('an event from outside', () => {
  it('becomes an act of the lead, once by its id', () => {
    const data = { minutes: 45, live: true, room: 'A' };
    expect(read({ data, at: '2027-02-28T09:00:00+07:00' })).toEqual({
      id: 'crm-1',
      who: { email: { asTyped: 'Mai@Company.vn', deliverTo: 'Mai@company.vn', key: 'mai@company.vn' } },
      happening: { key: 'api:crm-1', type: 'webinar.attended', at: '2027-02-28T02:00:00.000Z', actor: 'human', data },
    });
  });

  it('without a time happened now, and may name its lead by id', () => {
    const leadId = 'lead_01jcw3m8q2v7xh5n0t9rz4k6ab';
    expect(readOutsideEvent({ id: '1', type: 'demo.requested', leadId }, NOW)).toMatchObject({
      who: { leadId },
      happening: { at: NOW },
    });
  });

  it.each([
    'page.viewed',
    'asset.downloaded',
    'email.replied',
    'demo.requested',
    'trial.started',
    'coffee.drunk',
    'app-2.signed-in',
  ])('may be a %s', (type) => expect(refusal({ type })).toBeUndefined());

  it.each(OWN_EVENTS.filter((type) => !['page.viewed', 'asset.downloaded', 'email.replied'].includes(type)))(
    'may not be a %s, which Ripen raises itself',
    (type) => expect(refusal({ type })).toBe(`${type} is raised by Ripen itself; it cannot be posted.`),
  );

  it.each(['lead.merged', 'lead.merged-away', 'lead.rescored', 'stage.set', 'traffic.judged', 'preferences.changed'])(
    'may not be a %s, with which Ripen itself notes what was done',
    (type) => expect(refusal({ type })).toBe(`${type} is raised by Ripen itself; it cannot be posted.`),
  );

  it.each([
    [{ type: 'page.veiwed' }, 'Under “page.” there is no event page.veiwed. Did you mean page.viewed?'],
    [{ type: 'Webinar Attended' }, 'noun.past-tense in lower case'],
    [{ type: 'webinar' }, 'noun.past-tense in lower case'],
    [{ type: 'webinar.attended.twice' }, 'noun.past-tense in lower case'],
    [{ type: 7 }, '“type” must be a text'],
    [{ id: '' }, '“id” is empty'],
    [{ id: 'x'.repeat(257) }, 'longer than 256'],
    [{ id: 7 }, '“id” must be a text'],
    [{ email: undefined }, 'by one of them'],
    [{ leadId: 'lead_01jcw3m8q2v7xh5n0t9rz4k6ab' }, 'by one of them'],
    [{ email: undefined, leadId: '7' }, 'not the id of a lead'],
    [{ email: 'mai' }, 'The address is not accepted: it has no @.'],
    [{ at: 'yesterday' }, 'ISO 8601 with a zone'],
    [{ at: '2027-03-01T02:00:00' }, 'ISO 8601 with a zone'],
    [{ at: '2027-02-31T02:61:00Z' }, 'ISO 8601 with a zone'],
    [{ at: '2027-03-01T02:05:01Z' }, 'in the future'],
    [{ at: '2025-02-01T00:00:00Z' }, 'more than two years back'],
    [{ data: { a: { b: 1 } } }, '“data” must be a flat object'],
    [{ data: [1] }, '“data” must be a flat object'],
    [{ data: { note: 'x'.repeat(1001) } }, '“data.note” is longer than 1000'],
    [{ data: { note: '\ud800' } }, '“data” holds what is no text'],
    [{ data: { '\udc00': 1 } }, '“data” holds what is no text'],
    [{ id: 'a\ud800' }, '“id” is no text'],
    [{ data: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`p${n}`, n])) }, 'more than 50'],
  ])('is refused in a sentence: %j', (more, sentence) => {
    expect(refusal(more)).toContain(sentence);
  });

  it('of an endless address is refused because that is too long', () => {
    const why = 'The address is not accepted: it is longer than 254 characters.';
    expect(refusal({ email: `${'x'.repeat(3000)}@corp.vn` })).toBe(why);
  });

  it('that is five minutes ahead is taken: clocks differ', () => {
    expect(refusal({ at: '2027-03-01T02:05:00Z' })).toBeUndefined();
  });

  it.each([null, 7, 'text', []])('is refused where it is no object: %j', (raw) => {
    expect(readOutsideEvent(raw, NOW)).toHaveProperty('refused');
  });

  it('is named by its id when it is refused', () => {
    expect(read({ type: 'x' })).toMatchObject({ id: 'crm-1' });
  });
});

describe('the body of a request', () => {
  it.each([
    [good, { items: [good] }],
    [{ events: [good, 7] }, { items: [good, 7] }],
    [{ events: 'x' }, { refused: '“events” must be a list.' }],
    [[good], { refused: 'The body is one event, or {"events": […]}.' }],
    [null, { refused: 'The body is one event, or {"events": […]}.' }],
    [{ events: Array.from({ length: 101 }, () => good) }, { refused: 'More than 100 events in one request.' }],
  ])('%# holds its events', (body, expected) => {
    expect(outsideEventsIn(body)).toEqual(expected);
  });
});
