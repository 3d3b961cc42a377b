/** What recipients do by the links of their mails, in a real browser: with the keyboard alone, without any script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { definitionCopy } from './definition-copy.ts';
import { linksIn, System } from './system.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where pictures of the pages go, for whoever wants to look at them. */
const SHOTS = process.env.RIPEN_SHOTS;

const LANGUAGES = ['en', 'vi', 'th'] as const;
type Language = (typeof LANGUAGES)[number];

/** A newsletter without a mail of its own that would carry the button. */
const workflows = definitionCopy({
  'forms/newsletter.yaml': `form: newsletter
conversion: newsletter
fields: { email: { type: email, required: true } }
consent:
  marketing:
    field: agree
    doubleOptIn: true
    text: { en: I want the newsletter., vi: Tôi muốn nhận bản tin., th: ฉันต้องการรับจดหมายข่าว }
`,
});
const system = new System({ workflows });
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchBrowser(), system.start()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await system.remove();
});

/** axe needs its own script in the page: what people get has none. */
async function open(link: string, width = 1200): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
  const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(wide ? ['scrolls sideways'] : []),
  ];
}

/** Looks at the page as it stands, at both widths. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [390, 1200]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await faults(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
  }
}

/** Tab after tab until the element has the focus, as somebody without a mouse goes. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`No Tab leads to ${selector}.`);
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

const post = (email: string, language: Language, form = 'cash-flow-guide') =>
  system.postForm(form, {
    email,
    language,
    ...(form === 'newsletter' ? {} : { name: 'Nguyễn Thị Hương' }),
    agree: 'yes',
  });

const linkOf = async (email: string, page: string): Promise<string> => {
  await system.settle();
  const mails = await system.mails(email);
  const links = mails.flatMap(({ text, html }) => [...linksIn(html, `/${page}/`), ...linksIn(text, `/${page}/`)]);
  const link = links.at(-1);
  if (!link) throw new Error(`No mail to ${email} has a link to ${page}.`);
  return link;
};
const consentOf = async (email: string): Promise<string | undefined> => {
  const { consents } = (await system.lead(email)) as unknown as { consents: Record<string, { state: string }> };
  return consents.marketing?.state;
};

describe.each(LANGUAGES)('a recipient who reads %s', (language) => {
  const email = `${language}@recipient.test`;

  it('confirms with one button, which opening the page does not press', { timeout: 60_000 }, async () => {
    // The mails of the next days are within the week.
    await system.advanceToMonday();
    expect((await post(email, language)).status).toBe(202);
    const link = await linkOf(email, 'confirm');
    const page = await open(link);
    await look(page, `confirm-${language}`);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    expect(await page.locator('script').count()).toBe(0);
    await fetch(link, { method: 'HEAD' });
    expect(await consentOf(email)).toBe('pending');
    await press(page, 'button');
    await look(page, `confirmed-${language}`);
    expect(await consentOf(email)).toBe('granted');
    await page.context().close();
  });

  it('chooses topics, frequency, pause and language', { timeout: 60_000 }, async () => {
    await system.advance('P2D');
    const page = await open(await linkOf(email, 'preferences'));
    await look(page, `preferences-${language}`);
    await tabTo(page, '[name=frequency]');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '[name=pause]');
    await page.keyboard.press('ArrowDown');
    await press(page, '[value=save]');
    expect(await page.locator('[role=status]').count()).toBe(1);
    await look(page, `saved-${language}`);
    expect(await page.locator('[name=pause]:checked').getAttribute('value')).toBe('keep');
    const { preferences } = (await system.lead(email)) as unknown as { preferences: Record<string, unknown> };
    expect(preferences).toMatchObject({ frequency: { perWeek: 1 }, pausedUntil: expect.any(String) });
    await page.context().close();
  });

  it('unsubscribes, comes back by a mail that confirms, and is forgotten', { timeout: 90_000 }, async () => {
    const unsubscribe = await open(await linkOf(email, 'unsubscribe'));
    await look(unsubscribe, `unsubscribe-${language}`);
    await press(unsubscribe, 'button');
    await look(unsubscribe, `unsubscribed-${language}`);
    expect(await consentOf(email)).toBe('withdrawn');
    await press(unsubscribe, 'a[href*=preferences]');
    await press(unsubscribe, '[value=again]');
    await look(unsubscribe, `again-${language}`);
    expect(await consentOf(email)).toBe('pending');
    const asked = await system.settle().then(() => system.mails(email));
    expect(asked.at(-1)?.tags.email).toBe('confirm-consent');
    expect(asked.at(-1)?.headers['List-Unsubscribe']).toBeUndefined();
    await system.confirm(email);
    expect(await consentOf(email)).toBe('granted');
    await unsubscribe.context().close();

    const { id } = await system.lead(email);
    const link = await linkOf(email, 'preferences');
    const page = await open(link);
    await press(page, '[value=forget]');
    await look(page, `forget-${language}`);
    expect((await fetch(`${system.url}/api/leads/${id}`)).status).toBe(200);
    await press(page, '[value=sure]');
    await look(page, `forgotten-${language}`);
    await system.settle();
    expect((await fetch(`${system.url}/api/leads/${id}`)).status).toBe(404);
    // The same page as for a link that was never one.
    const gone = await fetch(link);
    const forged = await fetch(`${link.slice(0, -6)}AAAAAA`);
    expect(gone.status).toBe(forged.status);
    expect(await gone.text()).toBe(await forged.text());
    await page.context().close();
  });

  it('is asked by a mail of its own where the form delivers nothing', { timeout: 60_000 }, async () => {
    const reader = `news-${language}@recipient.test`;
    await post(reader, language, 'newsletter');
    await system.settle();
    const mails = await system.mails(reader);
    expect(mails.map(({ tags }) => tags.email)).toEqual(['confirm-consent']);
    expect(mails[0]?.html).toContain(`lang="${language}"`);
    if (SHOTS) {
      const page = await open('about:blank', 390);
      await page.setContent(mails[0]?.html ?? '');
      await page.screenshot({ path: join(SHOTS, `mail-${language}-390.png`), fullPage: true });
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: join(SHOTS, `mail-${language}-dark-390.png`), fullPage: true });
      await page.context().close();
    }
    await system.confirm(reader);
    expect(await consentOf(reader)).toBe('granted');
  });
});

describe('the data of a person', () => {
  it('print on a page that everybody can read', { timeout: 60_000 }, async () => {
    const { id } = await system.lead('news-vi@recipient.test');
    const page = await open(`${system.url}/leads/${id}/export`);
    await look(page, 'export');
    expect(await page.textContent('main')).toContain('Tôi muốn nhận bản tin.');
    await page.context().close();
    const data = await system.json<{ consents: Record<string, unknown>[] }>(`/api/leads/${id}/export`);
    expect(data.consents).toMatchObject([
      { action: 'granted', method: 'box', text: 'Tôi muốn nhận bản tin.', language: 'vi', doubleOptIn: true },
      { action: 'confirmed', method: 'confirm-link', textHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });
});

describe('what nobody confirms', () => {
  it('is asked about once more, and gone after 30 days', { timeout: 60_000 }, async () => {
    const reader = 'never@recipient.test';
    await post(reader, 'en');
    await system.settle();
    const { id } = await system.lead(reader);
    await system.advance('P10D');
    expect((await system.mails(reader)).map(({ tags }) => tags.email)).toEqual(['guide-delivery', 'confirm-consent']);
    await system.advance('P20D');
    expect((await system.lead(reader)).id).toBe(id);
    await system.advance('P1D');
    expect((await fetch(`${system.url}/api/leads/${id}`)).status).toBe(404);
    expect(await system.mails(reader)).toHaveLength(2);
  });
});

describe('a person who is erased while sales has the lead', () => {
  it('leaves pages that say so, and machines that ended', { timeout: 60_000 }, async () => {
    const reader = 'erased@recipient.test';
    await system.postForm('demo-request', { email: reader, name: 'Erased', agree: 'yes' });
    await system.settle();
    const { id } = await system.lead(reader);
    const alert = (await system.sales()).find((item) => item.channel === 'email' && item.text.includes(reader));
    const link = linksIn(alert?.text ?? '', '/handoffs/answer/')[0] ?? '';
    expect((await fetch(link)).status).toBe(200);
    const told = (await system.sales()).length;

    const answer = await fetch(`${system.url}/api/leads/${id}`, { method: 'DELETE' });
    expect(answer.status).toBe(202);
    await system.settle();
    const gone = await fetch(link);
    expect(gone.status).toBe(410);
    expect(await gone.text()).toContain('The data is gone');
    const { items } = await system.json<{ items: { leadId: string }[] }>('/api/handoffs');
    expect(items.filter(({ leadId }) => leadId === id)).toEqual([]);
    // Neither reminder nor escalation, and no machine that waits or failed.
    await system.advance('P5D');
    expect(await system.sales()).toHaveLength(told);
    expect(await leftIn('RUNNING', id)).toEqual([]);
    expect(await leftIn('FAILED', id)).toEqual([]);
  });
});

/** The names of executions of all machines in that state whose input names the lead. */
async function leftIn(status: 'RUNNING' | 'FAILED', leadId: string): Promise<string[]> {
  const sfn = new SFNClient({
    endpoint: system.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const names: string[] = [];
  for (const { stateMachineArn } of stateMachines) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: status }));
    for (const { executionArn, name } of executions) {
      const { input = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input.includes(leadId)) names.push(name ?? '');
    }
  }
  return names;
}
