/** One simulated lead: the words that say what it does, and the worked cases of the example definition. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { live } from '../../../workflows/simulator/live.ts';
import type { Entry } from '../../../workflows/simulator/run.ts';
import { ScenarioFile, scenarioOf, scenarioPerson } from '../../../workflows/simulator/scenario.ts';
import { readHabits } from '../../../workflows/simulator/sentence.ts';
import { simulated } from '../../../workflows/simulator/simulated.ts';
import { timelineLines, timelineText } from '../../../workflows/simulator/timeline-text.ts';
import { filesOf } from '../compiler/folder.ts';

const WINDOW =
  'send: { window: { days: mon-fri, from: "08:00", to: "18:00" }, zone: lead, cap: { perDay: 1, perWeek: 2 } }\n';
const files = filesOf('valid/example').map(({ path, content }) => {
  const text = Buffer.from(content).toString();
  if (path === 'nurture/guide-to-demo.yaml' && !/^send: /m.test(text))
    return { path, content: text.replace('steps:', `${WINDOW}steps:`) };
  if (path === 'forms/cash-flow-guide.yaml' && !text.includes('doubleOptIn: true')) {
    return { path, content: text.replace('field: agree', 'field: agree\n    doubleOptIn: true') };
  }
  return { path, content: text };
});
const { definition, problems } = await compile(files);
if (!definition) throw new Error(JSON.stringify(problems.filter(({ severity }) => severity === 'error')));
const known = simulated(definition);

/** Monday 1 March 2027, 09:00 in Vietnam. */
const MONDAY = '2027-03-01T02:00:00.000Z';
function lived(does: string | string[], more: Partial<ScenarioFile> = {}): Entry[] {
  // Fit 65, no MQL.
  const fields = { country: 'VN', companySize: '50-249' };
  const file = ScenarioFile.parse({ does: [does].flat(), form: 'cash-flow-guide', fields, ...more });
  const entries: Entry[] = [];
  const scenario = scenarioOf(file, MONDAY);
  live(known, scenarioPerson(known, scenario), '2027-05-30T00:00:00.000Z', (entry) => entries.push(entry));
  return entries;
}
/** The nurture mails as people of Vietnam see them come. */
const mailsOf = (entries: Entry[]): string[] => {
  const local = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Ho_Chi_Minh',
  });
  return entries.flatMap((entry) =>
    entry.what === 'mail' && entry.workflow === 'guide-to-demo'
      ? [`${entry.email} ${local.format(new Date(entry.at)).replace(',', '')}`]
      : [],
  );
};
const lastOf = (entries: Entry[]) =>
  entries.find((entry) => entry.what === 'ended' && entry.workflow === 'guide-to-demo');

describe('the worked cases of guide-to-demo, confirmed on Tuesday', () => {
  it.each([
    [
      'clicks three-leaks on Thursday at 10:00',
      'confirms on day 1, clicks three-leaks on day 3 at 10:00',
      ['three-leaks Wed 3 09:00', 'webinar-invitation Thu 4 10:01', 'customer-story Wed 10 09:00'],
      '2027-03-24',
    ],
    [
      'clicks nothing',
      'confirms on day 1, clicks nothing',
      ['three-leaks Wed 3 09:00', 'three-leaks-short Mon 8 08:00', 'customer-story Fri 12 08:00'],
      '2027-03-26',
    ],
    [
      'clicks on Sunday the 7th',
      'confirms on day 1, clicks three-leaks on day 6 at 12:00',
      ['three-leaks Wed 3 09:00', 'webinar-invitation Mon 8 08:00', 'customer-story Fri 12 08:00'],
      '2027-03-26',
    ],
    ['never confirms', 'never confirms', [], '2027-03-31'],
    [
      'asks for a demo on Friday the 5th',
      'confirms on day 1, asks for a demo on day 4',
      ['three-leaks Wed 3 09:00'],
      '2027-03-05',
    ],
  ])('%s', (_, does, mails, end) => {
    const entries = lived(does);
    expect(mailsOf(entries).map((mail) => mail.replace(/(\w{3}) 0?(\d)/, '$1 $2'))).toEqual(mails);
    expect(lastOf(entries)?.at.slice(0, 10)).toBe(end);
  });
});

describe('a timeline', () => {
  it('says why each mail went, was held or left out, in the time of the workspace', () => {
    const text = timelineText(timelineLines(lived('confirms on day 1, clicks three-leaks on day 3 at 10:00'), known));
    expect(text).toContain('mail customer-story held until Wed 10 Mar 09:00');
    expect(text).toMatch(/because: .*held since Mon 8 Mar 10:01: at most 1 a day and 2 in 7 days/);
  });

  it('of a lead that did not agree tells of its end', () => {
    expect(lastOf(lived('does not agree'))).toMatchObject({ why: 'no consent within 30 days' });
  });

  it('of one whose address bounces has no second mail', () => {
    const entries = lived('bounces');
    expect(entries.filter(({ what }) => what === 'mail')).toHaveLength(1);
    expect(lastOf(entries)).toMatchObject({ why: 'bounced' });
  });

  it('follows what sales answers', () => {
    const entries = lived(['confirms on day 1', 'asks for a demo on day 4', 'sales answers not-ready after 3 hours']);
    expect(entries.filter(({ what }) => what === 'stage').at(-1)).toMatchObject({ to: 'recycled' });
    expect(entries.find((entry) => entry.what === 'enrolled' && entry.workflow === 'quarterly-digest')).toBeDefined();
  });

  it('takes events of a file with their properties', () => {
    const does = [{ event: 'webinar.attended', day: 2, data: { minutes: 45 } }];
    expect(lived([], { does }).some((entry) => entry.what === 'event' && entry.type === 'webinar.attended')).toBe(true);
  });
});

describe('the words for what a lead does', () => {
  it.each([
    ['opens nothing', []],
    ['clicks everything on day 2', [{ does: 'clicks', mail: 'everything', when: { on: 2 } }]],
    ['asks for a demo on day 5', [{ does: 'asks', event: 'demo', when: { on: 5 } }]],
    [
      'Clicks three-leaks from day 3 at 10:00',
      [{ does: 'clicks', mail: 'three-leaks', when: { from: 3, at: '10:00' } }],
    ],
    [
      'opens everything and unsubscribes on day 4',
      [
        { does: 'opens', mail: 'everything', when: {} },
        { does: 'unsubscribes', when: { on: 4 } },
      ],
    ],
    ['visits the pricing page after 3 days', [{ does: 'visits', category: 'pricing', when: { on: 3 } }]],
    ['replies to three-leaks', [{ does: 'replies', mail: 'three-leaks', when: {} }]],
    ['webinar.attended on day 8', [{ does: 'event', event: 'webinar.attended', when: { on: 8 } }]],
    ['sales accepts after 2 days', [{ does: 'answered', answer: 'accepted', hours: 48 }]],
  ])('%s', (text, habits) => {
    expect(readHabits(text)).toEqual(habits);
  });

  it.each([
    ['dances on day 2', '"dances on day 2" is not understood'],
    ['', 'Say what the lead does'],
  ])('that nobody understands are refused with examples: %s', (text, message) => {
    expect(() => readHabits(text)).toThrow(message);
    expect(() => readHabits(text)).toThrow('clicks everything on day 2');
  });

  it('name a form that is there', () => {
    expect(() => lived('opens nothing', { form: 'guide' })).toThrow('There is no form guide: cash-flow-guide');
    expect(() => lived('opens nothing', { fields: { companySize: 'huge' } })).toThrow('cash-flow-guide');
  });
});

it('says what an entry of a scenario may be', () => {
  const wrong = ScenarioFile.safeParse({ does: [{ day: 2, clicks: 'everything' }] });
  expect(wrong.error?.issues).toMatchObject([
    { path: ['does', 0], message: expect.stringContaining('a sentence, like') },
  ]);
});
