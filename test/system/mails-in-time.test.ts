/**
 * The worked table of `guide-to-demo`: five readers post on Monday 1 March 2027 at 09:00 in Vietnam, four confirm on Tuesday,
 * and each does something else. All in one run of the clock.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksIn, type Mail, System } from './system.ts';

/** The wall clock of Vietnam in March and April 2027. */
const vn = (day: string, time: string): string => new Date(`2027-${day}T${time}:00+07:00`).toISOString();
const READERS = ['thursday', 'nothing', 'sunday', 'never', 'demo'] as const;
type Reader = (typeof READERS)[number];
const addressOf = (reader: Reader): string => `${reader}@reader-co.test`;

const system = new System();
const mailed: Partial<Record<Reader, Mail[]>> = {};

/** A person's browser: what a script sends would not count as a click. */
const BROWSER = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  accept: 'text/html',
};

async function click(reader: Reader): Promise<void> {
  const mail = (await system.mails(addressOf(reader))).find(({ tags }) => tags.email === 'three-leaks');
  // The check, not a link of the footer.
  const [link] = linksIn(mail?.html ?? '', '/_local/ses/click/');
  const { status } = await fetch(link ?? '', { redirect: 'manual', headers: BROWSER });
  expect(status).toBe(302);
}

beforeAll(async () => {
  await system.start();
  await system.advanceTo(vn('03-01', '09:00'));
  const answers = { companySize: '50-249', country: 'VN', language: 'en' };
  for (const reader of READERS) {
    await system.postForm('cash-flow-guide', { email: addressOf(reader), name: 'An', agree: 'yes', ...answers });
  }
  await system.advanceTo(vn('03-02', '10:00'));
  for (const reader of READERS) if (reader !== 'never') await system.confirm(addressOf(reader));
  await system.advanceTo(vn('03-04', '10:00'));
  await click('thursday');
  await system.advanceTo(vn('03-05', '11:00'));
  await system.postForm('demo-request', { email: addressOf('demo'), name: 'An', ...answers });
  await system.advanceTo(vn('03-07', '12:00'));
  await click('sunday');
  await system.advanceTo(vn('04-04', '12:00'));
  for (const reader of READERS) mailed[reader] = await system.mails(addressOf(reader));
}, 300_000);
afterAll(() => system.remove());

const TRANSACTIONAL = ['guide-delivery', 'demo-confirmation'];
/** What nurture mailed, and when by Vietnam's clock. */
const nurture = (reader: Reader): string[] =>
  (mailed[reader] ?? [])
    .filter(({ tags }) => tags.purpose !== 'transactional' && !TRANSACTIONAL.includes(tags.email ?? ''))
    .map(({ at, tags }) => `${new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(5, 16)} ${tags.email}`);

/** Minutes are read loosely: a click is held before it is judged, and what is due is done within a minute. */
const around = (day: string, time: string, email: string) => {
  const at = Date.parse(`2027-${day}T${time}:00Z`);
  const minutes = [0, 1, 2, 3, 4].map((more) => new Date(at + more * 60_000).toISOString().slice(11, 16));
  return expect.stringMatching(new RegExp(`^${day}T(?:${minutes.join('|')}) ${email}$`));
};

describe('the mails of guide-to-demo', () => {
  it('begin with the guide on Monday at once, for all', () => {
    for (const reader of READERS) {
      expect(mailed[reader]?.[0]).toMatchObject({ at: expect.stringMatching(/^2027-03-01T02:0[0-2]/) });
      expect(mailed[reader]?.[0]?.tags.email).toBe('guide-delivery');
    }
  });

  it('come to whom clicked on Thursday: the invitation at once, the story when the week has room', () => {
    expect(nurture('thursday')).toEqual([
      around('03-03', '09:00', 'three-leaks'),
      around('03-04', '10:00', 'webinar-invitation'),
      around('03-10', '09:00', 'customer-story'),
      around('03-31', '09:00', 'digest-cash-calendar'),
    ]);
  });

  it('come to whom clicked nothing: what is due on Saturday comes on Monday', () => {
    expect(nurture('nothing')).toEqual([
      around('03-03', '09:00', 'three-leaks'),
      around('03-08', '08:00', 'three-leaks-short'),
      around('03-12', '08:00', 'customer-story'),
      around('04-02', '08:00', 'digest-cash-calendar'),
    ]);
  });

  it('come to whom clicked on Sunday: the held mail looks again', () => {
    expect(nurture('sunday')).toEqual([
      around('03-03', '09:00', 'three-leaks'),
      around('03-08', '08:00', 'webinar-invitation'),
      around('03-12', '08:00', 'customer-story'),
      around('04-02', '08:00', 'digest-cash-calendar'),
    ]);
  });

  it('never come to whom did not confirm', () => {
    expect(nurture('never')).toEqual([]);
  });

  it('leave nobody enrolled who did not confirm for 30 days', async () => {
    // What was not confirmed is purged, too.
    const found = (await system.leads()).find(({ email }) => email === addressOf('never'));
    const lead =
      found && (await system.json<{ enrolments: { status: string; reason?: string }[] }>(`/api/leads/${found.id}`));
    for (const { status, reason } of lead?.enrolments ?? []) {
      expect({ status, reason }).toEqual({ status: 'ended', reason: 'no consent within 30 days' });
    }
  });

  it('end at the demo request', () => {
    expect(nurture('demo')).toEqual([around('03-03', '09:00', 'three-leaks')]);
  });

  it.each<[Reader, string]>([
    ['thursday', '03-24T02:0'],
    ['nothing', '03-26T01:0'],
    ['sunday', '03-26T01:0'],
  ])('lead %s into the digest two weeks after the story', async (reader, at) => {
    const { id } = await system.lead(addressOf(reader));
    const { items } = await system.json<{ items: { kind: string; what?: string; workflow?: string; at: string }[] }>(
      `/api/leads/${id}/timeline`,
    );
    const [entered] = items.filter(
      ({ kind, what, workflow }) => kind === 'enrolment' && what === 'started' && workflow === 'quarterly-digest',
    );
    expect(entered?.at).toMatch(new RegExp(`^2027-${at}`));
  });
});
