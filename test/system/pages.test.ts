/** What people see, in a real browser: forms with and without script, errors, the inbox, leads, the clock, answers. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { linksIn, System } from './system.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let system: System;
let browser: Browser;
beforeAll(async () => {
  [system, browser] = await Promise.all([new System().start(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await system.remove();
});

async function open(path: string, options: { width?: number; javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const { width = 1200, javaScriptEnabled = true } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(path.startsWith('http') ? path : `${system.url}${path}`);
  return page;
}

/** What axe-core finds, and whether the page scrolls sideways. */
async function faults(page: Page): Promise<string[]> {
  // The pages allow no inline script; the checker comes in past that.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
  const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(wide ? ['scrolls sideways'] : []),
  ];
}

const GUIDE = 'form[action="/forms/cash-flow-guide"]';
const DEMO = 'form[action="/forms/demo-request"]';

describe('the landing page', () => {
  it('sends a plain form without any script and thanks', async () => {
    const page = await open('/?lang=vi', { javaScriptEnabled: false });
    await page.fill(`${GUIDE} [name=email]`, 'plain@browser.test');
    await page.fill(`${GUIDE} [name=name]`, 'Trần Văn Đức');
    await page.check(`${GUIDE} [name=agree]`);
    await page.click(`${GUIDE} button`);
    expect(await page.getAttribute('html', 'lang')).toBe('vi');
    expect(await page.textContent('main')).toContain('Cảm ơn');
    await system.settle();
    const [mail] = await system.mails('plain@browser.test');
    expect(mail?.text).toContain('Đức');
  });

  it('shows which field of a plain form is wrong and keeps what was typed', async () => {
    const page = await open('/', { javaScriptEnabled: false });
    await page.fill(`${GUIDE} [name=email]`, 'not an address');
    await page.fill(`${GUIDE} [name=name]`, 'Kept "Name" & Co');
    await page.click(`${GUIDE} button`);
    expect(await page.inputValue('[name=name]')).toBe('Kept "Name" & Co');
    expect(await page.inputValue('[name=email]')).toBe('not an address');
    await page.fill('[name=email]', 'mended@browser.test');
    await page.click('main button');
    await system.settle();
    expect(await system.mails('mended@browser.test')).toHaveLength(1);
  });

  it('sends a form by script, shows the wrong field beside it, and thanks in place', async () => {
    const page = await open('/');
    await page.fill(`${DEMO} [name=email]`, 'script@browser');
    await page.fill(`${DEMO} [name=name]`, 'Script');
    await page.click(`${DEMO} button`);
    await page.waitForSelector(`${DEMO} .ripen-error`);
    expect(await page.getAttribute(`${DEMO} [name=email]`, 'aria-invalid')).toBe('true');
    expect(await page.inputValue(`${DEMO} [name=name]`)).toBe('Script');
    await page.fill(`${DEMO} [name=email]`, 'script@browser.test');
    await page.press(`${DEMO} [name=email]`, 'Enter');
    await page.waitForSelector(`${DEMO} .ripen-sent`);
    await system.settle();
    expect((await system.lead('script@browser.test')).stage).toBe('sql');
  });
});

describe('the bar', () => {
  it('moves the clock by a week, and the mails of that week are there', async () => {
    await system.postForm('cash-flow-guide', { email: 'bar@browser.test', agree: 'yes' });
    await system.confirm('bar@browser.test');
    const page = await open('/_local/inbox');
    const before = (await system.mails('bar@browser.test')).length;
    await Promise.all([page.waitForEvent('load', { timeout: 20_000 }), page.click('text=+1 week')]);
    expect((await system.mails('bar@browser.test')).length).toBeGreaterThan(before);
  });
});

describe('every page', () => {
  it.each([1200, 390])('is accessible and fits at %i pixels', { timeout: 60_000 }, async (width) => {
    const { id } = await system.lead('script@browser.test');
    const [sales] = (await system.sales()).filter((item) => item.channel === 'email');
    const answer = linksIn(sales?.text ?? '', '/handoffs/answer/')[0] as string;
    const marketing = (await system.mails('bar@browser.test')).find((mail) => mail.headers['List-Unsubscribe']);
    const unsubscribe = linksIn(marketing?.headers['List-Unsubscribe'] ?? '', '/unsubscribe/')[0] as string;
    const found: Record<string, string[]> = {};
    for (const path of [
      '/',
      '/?lang=th',
      '/leads',
      `/leads/${id}`,
      '/_local/inbox',
      '/_local/outbox/sales',
      answer,
      unsubscribe,
    ]) {
      const page = await open(path, { width });
      const wrong = await faults(page);
      if (wrong.length > 0) found[path] = wrong;
      await page.context().close();
    }
    expect(found).toEqual({});
  });
});

describe('a salesperson', () => {
  it('accepts with a click, and later links show the answer', async () => {
    const items = (await system.sales()).filter(
      (item) => item.channel === 'email' && item.text.includes('script@browser.test'),
    );
    const link = linksIn(items[0]?.text ?? '', 'answer=accepted')[0] as string;
    const page = await open(link);
    expect(await page.textContent('main')).toContain('script@browser.test');
    await page.click('button:has-text("Accept")');
    expect(await page.textContent('main')).toMatch(/accepted/i);
    const again = await open(link);
    expect(await again.textContent('main')).toMatch(/accepted/i);
  });
});
