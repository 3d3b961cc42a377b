/** People and machines at the links of real mails of a run: who counts, who does not, and what is told of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROME, GMAIL } from '../lead/traffic/trace.ts';
import { linksIn, type Mail, System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await new System().start();
  const answers = { name: 'An', agree: 'yes', companySize: '50-249', country: 'VN', language: 'en' };
  for (const reader of READERS) await system.postForm('cash-flow-guide', { ...answers, email: addressOf(reader) });
  for (const reader of READERS) await system.confirm(addressOf(reader));
  await system.advance('P3D');
  for (const reader of READERS)
    mails[reader] = (await system.mails(addressOf(reader))).find(({ tags }) => tags.email === 'three-leaks');
  await system.advance('PT1H');
});
afterAll(() => system.remove());

const READERS = ['person', 'gateway', 'script', 'silent'] as const;
type Reader = (typeof READERS)[number];
const mails: Partial<Record<Reader, Mail | undefined>> = {};
const addressOf = (reader: Reader): string => `${reader}@traffic.test`;

const linksOf = (reader: Reader): string[] => [...new Set(linksIn(mails[reader]?.html ?? '', '/_local/ses/click/'))];
const follow = (link: string | undefined, agent: string, ip: string) =>
  fetch(link ?? '', { redirect: 'manual', headers: { 'user-agent': agent, 'x-forwarded-for': ip } });
const engagementOf = async (reader: Reader): Promise<number> => (await system.lead(addressOf(reader))).engagement;
const told = async (reader: Reader): Promise<string> => {
  const { id } = await system.lead(addressOf(reader));
  const { items } = await system.json<{ items: { text: string }[] }>(`/api/leads/${id}/timeline`);
  return items.map(({ text }) => text).join('\n');
};

describe('a click in a mail of the run', () => {
  it('of a person is under judgement for a while, and then counts', async () => {
    const before = await engagementOf('person');
    await follow(linksOf('person')[0], CHROME, '192.0.2.7');
    await system.settle();
    expect(await told('person')).toContain('under judgement');
    expect(await engagementOf('person')).toBe(before);
    await system.advance('PT3M');
    expect(await told('person')).not.toContain('under judgement');
    expect(await engagementOf('person')).toBeGreaterThan(before);
  });

  it('of a gateway that poses as a browser and takes the way out with the rest does not count, and unsubscribes nobody', async () => {
    const before = await engagementOf('gateway');
    const { id } = await system.lead(addressOf('gateway'));
    const { html } = mails.gateway ?? { html: '' };
    const out = ['/unsubscribe/', '/preferences/'].flatMap((page) => linksIn(html, page));
    expect(out.length).toBeGreaterThan(1);
    for (const link of [...linksOf('gateway'), ...out]) await follow(link, CHROME, '203.0.113.4');
    await system.advance('PT3M');
    expect(await engagementOf('gateway')).toBeLessThanOrEqual(before);
    expect((await system.json<{ stopped?: unknown }>(`/api/leads/${id}`)).stopped).toBeUndefined();
  });

  it('of a script that gives its name, and the image proxy that opens for the reader, do not count', async () => {
    const before = await engagementOf('script');
    await follow(linksOf('script')[0], 'curl/8.5.0', '198.51.100.3');
    const [pixel] = linksIn(mails.script?.html ?? '', '/_local/ses/open/');
    await follow(pixel, GMAIL, '66.249.84.1');
    await system.advance('PT3M');
    expect(await engagementOf('script')).toBeLessThanOrEqual(before);
    const text = await told('script');
    expect(text).toContain('a machine: does not count; curl');
    expect(text).toContain('a mail proxy: does not count; the image proxy of Gmail');
  });

  it('is in one of two rates, or in both', async () => {
    const { items } = await system.json<{ items: { email: string; delivered: number; clicked: object }[] }>(
      '/api/reports/engagement',
    );
    expect(items.find(({ email }) => email === mails.person?.tags.email)).toMatchObject({
      delivered: 4,
      clicked: { all: { mails: 3 } },
    });
  });
});
