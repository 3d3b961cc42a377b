/** ripen.js in a real browser, on pages of another origin: visits, attribution, forms by fetch and plain, consent, people. */
import { createServer, type Server } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from './browser.ts';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

/** As people's browsers name themselves; this one would say that nobody sits before it. */
const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const form = (name: string, more: string): string => `form: ${name}
conversion: contact
fields:
  email: { type: email, required: true }
  phone: { type: phone, defaultCountry: VN }
${more}`;

let system: System;
let browser: Browser;
let site: Server;
let port = 0;
beforeAll(async () => {
  const workflows = definitionCopy({
    'forms/ask.yaml': form('ask', 'origins: ["http://localhost:*"]\n'),
    'forms/free.yaml': form('free', 'storage: free\norigins: ["http://free.localhost:*"]\n'),
    'forms/none.yaml': form('none', 'storage: none\norigins: ["http://none.localhost:*"]\n'),
  });
  site = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(pageFor(new URL(request.url ?? '/', `http://${request.headers.host}`)));
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const address = site.address();
  port = typeof address === 'object' && address ? address.port : 0;
  [system, browser] = await Promise.all([new System({ workflows }).start(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  site?.close();
  await system?.remove();
});

/** A marketer's site: any path is a page; `?form=` and the like say what stands in it. */
function pageFor({ pathname, searchParams }: URL): string {
  const name = searchParams.get('form');
  const marked = searchParams.has('plain') ? '' : ` data-ripen-form="${name}" data-thanks="Thanks!"`;
  return `<!doctype html><html lang="${searchParams.get('lang') ?? 'en'}"><head><title>${pathname}</title>
${pathname === '/pricing' ? '<meta name="ripen:category" content="pricing">' : ''}
<script src="${system.url}/ripen.js" defer></script></head><body${pathname === '/jobs' ? ' data-category="careers"' : ''}>
<h1>${pathname}</h1>
${
  name
    ? `<form method="post" action="${system.url}/forms/${name}"${marked} novalidate>
<label>Email <input type="email" name="email"></label> <label>Phone <input name="phone"></label><button>Send</button></form>`
    : ''
}
</body></html>`;
}

const person = (): Promise<BrowserContext> => browser.newContext({ userAgent: AGENT });
const at = (path: string, host = 'localhost'): string => `http://${host}:${port}${path}`;

async function visit(context: BrowserContext, url: string, from?: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url, from ? { referer: from } : {});
  await page.waitForFunction('typeof ripen.view === "function"');
  return page;
}
async function fillIn(page: Page, email: string): Promise<void> {
  await page.fill('[name=email]', email);
  await page.click('button:has-text("Send")');
}
/** What the lead's log tells of pages, and where it came from. */
async function known(email: string) {
  await system.settle();
  const lead = await system.lead(email);
  const { items } = await system.json<{ items: { type?: string; actor?: string; data?: Record<string, unknown> }[] }>(
    `/api/leads/${lead.id}/timeline`,
  );
  const views = items.filter(({ type }) => type === 'page.viewed');
  return { lead, views, pages: views.map(({ data }) => data?.page), source: lead.source as Record<string, object> };
}
/** Waits for the pages in the lead's log: what a page says of itself comes when the browser gets to it. */
const pagesOf = (email: string, pages: string[]): Promise<void> =>
  vi.waitFor(async () => expect((await known(email)).pages).toEqual(pages), 15_000);
const stored = (page: Page): Promise<unknown> => page.evaluate('localStorage.getItem("ripen")');

describe('a visitor who lets the page remember', () => {
  it('is known from the first page on, with where it came from, once it sends a form', async () => {
    const context = await person();
    const first = await visit(
      context,
      at('/start?utm_source=zalo&utm_medium=social&fbclid=f1'),
      'https://www.facebook.com/',
    );
    await first.evaluate('ripen.consent()');
    await first.waitForTimeout(2500);
    await first.close({ runBeforeUnload: true });
    await (await visit(context, at('/pricing'), at('/start'))).close({ runBeforeUnload: true });
    await (await visit(context, at('/jobs'), at('/pricing'))).close({ runBeforeUnload: true });
    const page = await visit(context, at('/contact?form=ask&lang=vi'), at('/jobs'));
    await fillIn(page, 'known@visits.test');
    await page.waitForSelector('.ripen-sent:has-text("Thanks!")');
    await pagesOf('known@visits.test', ['/start', '/pricing', '/jobs', '/contact']);
    const { views, source, lead } = await known('known@visits.test');
    expect(views.map(({ data }) => data?.category)).toEqual([undefined, 'pricing', 'careers', undefined]);
    expect(views[0]?.data?.seconds).toBeGreaterThanOrEqual(2);
    expect(views.every(({ actor }) => actor === 'human')).toBe(true);
    expect(source.first).toMatchObject({ utm: { source: 'zalo' }, clickIds: { fbclid: 'f1' }, page: at('/start') });
    expect(source.last).toMatchObject({ utm: { source: 'zalo', medium: 'social' }, page: at('/contact') });
    expect(lead.language).toBe('vi');
    expect(await context.cookies()).toEqual([]);
    // And the pages after that are the lead's as well.
    await (await visit(context, at('/pricing'), at('/contact'))).close({ runBeforeUnload: true });
    await pagesOf('known@visits.test', ['/start', '/pricing', '/jobs', '/contact', '/pricing']);
    await context.close();
  });

  it('shares the browser with another person, and each has a trail of their own', async () => {
    const context = await person();
    const page = await visit(context, at('/one?form=ask&utm_source=a'));
    await page.evaluate('ripen.consent()');
    await fillIn(page, 'one@shared.test');
    await page.waitForSelector('.ripen-sent');
    const again = await visit(context, at('/two?form=ask'), at('/one'));
    await fillIn(again, 'two@shared.test');
    await again.waitForSelector('.ripen-sent');
    await (await visit(context, at('/three'), at('/two'))).close({ runBeforeUnload: true });
    await pagesOf('one@shared.test', ['/one', '/two']);
    await pagesOf('two@shared.test', ['/two', '/three']);
    expect((await known('two@shared.test')).source.first).not.toHaveProperty('utm');
    await context.close();
  });
});

describe('what the browser keeps', () => {
  it('is nothing without consent: only the form’s own page is known then', async () => {
    const context = await person();
    await (await visit(context, at('/before?utm_source=zalo'))).close({ runBeforeUnload: true });
    const page = await visit(context, at('/contact?form=ask'), at('/before'));
    expect(await stored(page)).toBeNull();
    await fillIn(page, 'silent@visits.test');
    await page.waitForSelector('.ripen-sent');
    expect(await stored(page)).toBeNull();
    await pagesOf('silent@visits.test', ['/contact']);
    expect((await known('silent@visits.test')).source.first).not.toHaveProperty('utm');
    await page.evaluate('ripen.consent()');
    expect(await stored(page)).toContain('"v"');
    await page.evaluate('ripen.consent(false)');
    expect(await stored(page)).toBeNull();
    await context.close();
  });

  it.each([
    ['free', true],
    ['none', false],
  ])('follows the form’s own setting: %s', async (name, keeps) => {
    const context = await person();
    const page = await visit(context, at(`/a?form=${name}`, `${name}.localhost`));
    expect((await stored(page)) !== null).toBe(keeps);
    await page.evaluate('ripen.consent()');
    expect((await stored(page)) !== null).toBe(keeps);
    await context.close();
  });
});

describe('a form', () => {
  it('shows beside its fields what is wrong, to everybody, and which domain was meant', async () => {
    const context = await person();
    const page = await visit(context, at('/contact?form=ask'));
    await page.fill('[name=email]', 'an@gmial.con');
    await page.press('[name=email]', 'Tab');
    await page.click('.ripen-hint button');
    expect(await page.inputValue('[name=email]')).toBe('an@gmail.com');
    await page.fill('[name=email]', 'an@yahoo.com.vn');
    await page.press('[name=email]', 'Tab');
    expect(await page.locator('.ripen-hint').count()).toBe(0);
    await page.fill('[name=phone]', 'call me');
    await fillIn(page, 'nothing');
    await page.waitForSelector('.ripen-error');
    expect(await page.locator('.ripen-error').count()).toBe(2);
    const input = page.locator('[name=email]');
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    const told = await page.textContent(`#${await input.getAttribute('aria-describedby')}`);
    expect(told).toContain('no @');
    expect(await page.evaluate('document.activeElement.name')).toBe('email');
    await page.fill('[name=phone]', '0912 345 678');
    await fillIn(page, 'mended@visits.test');
    await page.waitForSelector('.ripen-sent');
    expect(await page.locator('.ripen-error,[aria-invalid]').count()).toBe(0);
    expect((await known('mended@visits.test')).lead.phone).toBe('+84912345678');
    await context.close();
  });

  it('that is not marked is sent the plain way, with what the script knows', async () => {
    const context = await person();
    const page = await visit(context, at('/plain?form=ask&plain=1&utm_source=poster'));
    await fillIn(page, 'plain@visits.test');
    await page.waitForURL(`${system.url}/forms/ask`);
    await pagesOf('plain@visits.test', ['/plain']);
    expect((await known('plain@visits.test')).source.first).toMatchObject({ utm: { source: 'poster' } });
    await context.close();
  });

  it('works as a plain one where the script is blocked', async () => {
    const context = await person();
    await context.route('**/ripen.js', (route) => route.abort());
    const page = await context.newPage();
    await page.goto(at('/contact?form=ask&utm_source=poster'));
    await fillIn(page, 'blocked@visits.test');
    await page.waitForURL(`${system.url}/forms/ask`);
    expect((await known('blocked@visits.test')).pages).toEqual([]);
    await context.close();
  });

  it('arrives once from a page whose origin it does not name, in the browser’s own way', async () => {
    const context = await person();
    const page = await visit(context, at('/contact?form=ask', 'elsewhere.localhost'));
    await fillIn(page, 'elsewhere@visits.test');
    await page.waitForURL(`${system.url}/forms/ask`);
    expect((await known('elsewhere@visits.test')).lead.conversions).toBe(1);
    await context.close();
  });

  it('keeps what was typed where nothing can be reached, and goes out with the next try', async () => {
    const context = await person();
    const page = await visit(context, at('/contact?form=ask'));
    await context.setOffline(true);
    await fillIn(page, 'offline@visits.test');
    await page.waitForSelector('.ripen-failed');
    expect(await page.inputValue('[name=email]')).toBe('offline@visits.test');
    await context.setOffline(false);
    await page.click('button:has-text("Send")');
    await page.waitForSelector('.ripen-sent');
    expect((await known('offline@visits.test')).lead.conversions).toBe(1);
    await context.close();
  });
});
