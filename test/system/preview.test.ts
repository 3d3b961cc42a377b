/** The preview in a real browser: following the files, by day and by night, on phones and desks, without a barrier. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ROOT = '/_local/preview';

let folder: string;
let system: System;
let browser: Browser;
beforeAll(async () => {
  folder = definitionCopy({});
  [system, browser] = await Promise.all([new System({ workflows: folder }).start(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await system.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string, width = 1200, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${system.url}${path}`);
  return page;
}

/** What axe-core finds on the page around the mails, and whether it scrolls sideways. */
async function faults(page: Page, options = '{ iframes: false }'): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run(document, ${options})`,
  );
  const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(wide ? ['scrolls sideways'] : []),
  ];
}

/** A mail as it stands in its frame, looked at as a page of its own: the same light as the reader's machine. */
async function mailFaults(path: string, width: number, scheme: 'light' | 'dark'): Promise<string[]> {
  const page = await open(`${path}?scheme=${scheme}`, width, scheme);
  // No script runs in a mail: what is looked at is a copy of it.
  const html = await page.content();
  const copy = await page.context().newPage();
  await copy.setContent(html);
  // A mail is an article in somebody's mail program: headings and landmarks of a page are that program's.
  const found = await faults(copy, "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }");
  await page.context().close();
  return found;
}

describe('every page of the preview', () => {
  const pages = [
    ROOT,
    `${ROOT}/emails/three-leaks/vi`,
    `${ROOT}/emails/guide-delivery/en`,
    `${ROOT}/workflows/guide-to-demo`,
  ];
  it.each([
    [1200, 'light'],
    [1200, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('is accessible and fits at %i pixels, %s', { timeout: 60_000 }, async (width, scheme) => {
    const found: Record<string, string[]> = {};
    for (const path of pages) {
      const page = await open(path, width, scheme);
      const wrong = await faults(page);
      if (wrong.length > 0) found[path] = wrong;
      await page.context().close();
    }
    expect(found).toEqual({});
  });
});

describe('every mail', () => {
  it('can be read by day and by night, on a phone and at a desk', { timeout: 90_000 }, async () => {
    const found: Record<string, string[]> = {};
    for (const path of ['emails/three-leaks/en', 'emails/three-leaks/vi', 'emails/guide-delivery/th']) {
      for (const width of [375, 720]) {
        for (const scheme of ['light', 'dark'] as const) {
          const wrong = await mailFaults(`${ROOT}/${path}/html`, width, scheme);
          if (wrong.length > 0) found[`${path} ${width} ${scheme}`] = wrong;
        }
      }
    }
    expect(found).toEqual({});
  });
});

describe('a mail in the preview', () => {
  it('follows the file, and shows what is wrong with it by line', async () => {
    const page = await open(`${ROOT}/emails/three-leaks/en`);
    const write = (body: string) =>
      writeFileSync(
        join(folder, 'emails', 'three-leaks.en.md'),
        `---\nsubject: Three leaks\nclass: educational\ntopic: advice\n---\n${body}\n`,
      );
    write('Saved while you look.');
    await page.waitForSelector('pre:has-text("Saved while you look.")');
    const frame = page.frameLocator('iframe').first();
    // The frame loads after the page around it.
    await frame.locator('body:has-text("Saved while you look.")').waitFor();
    write('Hello {{ lead.nmae }}');
    await page.waitForSelector('.notice.bad:has-text("emails/three-leaks.en.md:6:10")');
    write('{{ lead.name | greeting }} again.');
    await page.waitForSelector('pre:has-text("Hello Ada, again.")');
    expect(await page.locator('.notice.bad').count()).toBe(0);
    await page.context().close();
  });

  it('is shown for the lead that one chooses', async () => {
    const page = await open(`${ROOT}/emails/three-leaks-short/vi`);
    await page.selectOption('#lead', 'nobody-known');
    await page.waitForURL(/lead=nobody-known/);
    expect(await page.textContent('main')).toContain('Chào bạn,');
    await page.context().close();
  });

  it('comes to one’s own inbox with a click, as SES would send it', async () => {
    const page = await open(`${ROOT}/emails/three-leaks-short/vi`);
    await page.fill('#to', 'me@marketer.test');
    await page.click('text=Send a test');
    await page.waitForSelector('[role=status]:has-text("Sent to me@marketer.test.")');
    const [mail] = await system.mails('me@marketer.test');
    const file = await fetch(`${system.url}/_local/inbox/${mail?.id}.eml`);
    const parsed = await PostalMime.parse(await file.arrayBuffer());
    expect(parsed.subject).toMatch(/^\[QC\] \S/);
    expect(parsed.text).toContain('Xin chào Hương,');
    expect(parsed.html).toContain('lang="vi"');
    expect(parsed.headers.find(({ key }) => key === 'list-unsubscribe-post')?.value).toBe('List-Unsubscribe=One-Click');
    await page.context().close();
  });
});

describe('a workflow in the preview', () => {
  it('shows at which steps the leads stand, as they come', async () => {
    const page = await open(`${ROOT}/workflows/guide-to-demo`);
    expect(await page.textContent('[data-leads]')).toContain('0 leads');
    await system.postForm('cash-flow-guide', { email: 'drawn@browser.test', agree: 'yes', name: 'Drawn' });
    await system.settle();
    await page.waitForSelector('text=1 lead stands at these steps.', { timeout: 15_000 });
    expect(await page.locator('svg .count').count()).toBe(1);
    await page.context().close();
  });
});

describe('ripen preview --out', () => {
  it('writes the picture of each workflow for a pull request', async () => {
    const out = mkdtempSync(join(tmpdir(), 'ripen-pictures-'));
    const program = join(import.meta.dirname, '..', '..', 'infra', 'ripen.ts');
    const args = [program, 'preview', '--workflows', folder, '--out', out, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(JSON.parse(stdout).written).toHaveLength(4);
    expect(readdirSync(out).sort()).toEqual([
      'guide-to-demo.mmd',
      'guide-to-demo.svg',
      'quarterly-digest.mmd',
      'quarterly-digest.svg',
    ]);
    rmSync(out, { recursive: true });
  });
});
