/** The pages of the preview, over a folder of its own. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewPages } from '../../../infra/preview/handler.ts';
import type { MailView } from '../../../infra/preview/mail-view.ts';
import { type PreviewState, watchPreview } from '../../../infra/preview/state.ts';

const EXAMPLE = join(import.meta.dirname, '..', '..', 'workflows', 'valid', 'example');
const ROOT = 'http://localhost/_local/preview';

let folder: string;
let state: PreviewState;
let system: Server;
let systemUrl: string;
const sent: { view: MailView; to: string; replyTo: string | undefined }[] = [];
let failing = '';

/** Stands for a running system that knows where leads are. */
function fakeSystem(): Server {
  return createServer((request, response) => {
    const leads = [
      { version: 'a', steps: { 'three-leaks': 3, gone: 2 }, sum: 5 },
      { version: 'b', steps: { 'three-leaks': 1 }, sum: 1 },
    ];
    const found = request.url === '/api/workflows/guide-to-demo';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ leads }));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ripen-preview-'));
  cpSync(EXAMPLE, folder, { recursive: true });
  state = watchPreview(folder);
  system = fakeSystem();
  await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve));
  systemUrl = `http://127.0.0.1:${(system.address() as AddressInfo).port}`;
});
afterAll(() => {
  state.close();
  system.close();
  rmSync(folder, { recursive: true, force: true });
});

function pages() {
  return previewPages({
    state,
    system: systemUrl,
    isPartOfSystem: false,
    async send(view, to, replyTo) {
      if (failing) throw new Error(failing);
      sent.push({ view, to, replyTo });
    },
  });
}

async function get(path: string, init: RequestInit = {}) {
  const response = await pages()(new Request(`${ROOT}${path}`, init));
  if (!response) throw new Error(`There is nothing at ${path}.`);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the preview', () => {
  it('lists every mail in its languages, and every workflow', async () => {
    const { text } = await get('');
    expect(text).toContain('href="/_local/preview/emails/three-leaks/vi"');
    expect(text).toContain('href="/_local/preview/workflows/guide-to-demo"');
    const json = await get('', { headers: { accept: 'application/json' } });
    expect(JSON.parse(json.text).workflows).toContain('guide-to-demo');
  });

  it('shows a mail for a lead of its language: subject, text part, a frame for each width and light', async () => {
    const { text } = await get('/emails/three-leaks/vi');
    expect(text).toContain('Xin chào Hương,');
    expect(text).toContain('<option value="huong" selected>');
    for (const frame of ['Phone, light', 'Phone, dark', 'Desktop, light', 'Desktop, dark'])
      expect(text).toContain(frame);
    expect((await get('/emails/three-leaks/en?lead=nobody-known')).text).toContain('Hello,');
  });

  it('gives the frames the mail in the light that they show, without scripts or forms', async () => {
    const dark = await get('/emails/three-leaks/vi/html?scheme=dark&lead=somchai');
    const light = await get('/emails/three-leaks/vi/html?scheme=light&lead=somchai');
    expect(dark.text).toContain('@media all');
    expect(dark.text).toContain('คุณสมชาย');
    expect(light.text).toContain('@media not all');
    expect(light.text + dark.text).not.toContain('prefers-color-scheme');
    const policy = dark.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox /);
    expect(policy).not.toContain('allow-scripts');
  });

  it('draws a workflow with the leads at its steps, and tells of those elsewhere', async () => {
    const { text } = await get('/workflows/guide-to-demo');
    expect(text).toContain('4 leads here');
    expect(text).toContain('4 leads stand at these steps. 2 more at steps that only older versions have.');
    expect(text).toContain('href="/_local/preview/emails/three-leaks/en"');
    expect(JSON.parse((await get('/workflows/guide-to-demo/live')).text).text).toContain('4 leads');
    expect((await get('/workflows/quarterly-digest')).text).toContain('shows no leads');
  });

  it('gives the picture as files that stand alone', async () => {
    const svg = await get('/workflows/guide-to-demo.svg');
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    expect(svg.text).toMatch(/^<svg xmlns=/);
    expect(svg.text).not.toContain('<a href');
    expect((await get('/workflows/guide-to-demo.mmd')).text).toMatch(/^flowchart TD\n/);
  });

  it.each([
    '/emails/none/en',
    '/emails/three-leaks/xx',
    '/emails/constructor/en',
    '/workflows/none',
    '/what',
    '/emails/%E0%A4',
  ])('says that there is no %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('leaves other paths to others', async () => {
    expect(await pages()(new Request('http://localhost/_local/previews'))).toBeUndefined();
    expect(await pages()(new Request(`${ROOT}/emails/three-leaks/en`, { method: 'POST' }))).toBeUndefined();
  });
});

describe('a test send', () => {
  const post = (to: string, handler = pages()) =>
    handler(
      new Request(`${ROOT}/send`, {
        method: 'POST',
        body: new URLSearchParams({ email: 'three-leaks', language: 'vi', lead: 'huong', to }),
      }),
    );

  it('goes to one address, as the lead would get the mail', async () => {
    const response = await post(' me@example.net ');
    expect(response?.status).toBe(200);
    expect(await response?.text()).toContain('Sent to me@example.net.');
    const { view, to } = sent.at(-1) ?? {};
    expect(to).toBe('me@example.net');
    expect(view?.text).toContain('Xin chào Hương,');
    expect(view?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  });

  it.each([
    '',
    'a@example.net, b@example.net',
    'Me <me@example.net>',
    'me@example.net\nb@example.net',
    'me',
    'me@localhost',
  ])('is refused for %j', async (to) => {
    const before = sent.length;
    expect((await post(to))?.status).toBe(422);
    expect(sent).toHaveLength(before);
  });

  it('is refused for two fields, and for a mail that there is none of', async () => {
    const body = 'email=three-leaks&language=vi&to=a@example.net&to=b@example.net';
    expect((await get('/send', { method: 'POST', body })).status).toBe(422);
    expect((await get('/send', { method: 'POST', body: 'email=none&language=vi&to=a@example.net' })).status).toBe(404);
  });

  it('is refused when there were many', async () => {
    const handler = pages();
    for (let count = 0; count < 5; count++) expect((await post('me@example.net', handler))?.status).toBe(200);
    expect((await post('me@example.net', handler))?.status).toBe(429);
  });

  it('says why it did not go out', async () => {
    failing = 'Nothing runs at http://localhost:8787.';
    const response = await post('me@example.net');
    failing = '';
    expect(response?.status).toBe(502);
    expect(await response?.text()).toContain('Not sent: Nothing runs at');
  });
});

describe('a folder with errors from the start', () => {
  it('is shown as far as it can be read', async () => {
    const faulty = mkdtempSync(join(tmpdir(), 'ripen-faulty-'));
    cpSync(EXAMPLE, faulty, { recursive: true });
    writeFileSync(join(faulty, 'emails', 'three-leaks.en.md'), 'no front matter');
    const watched = watchPreview(faulty);
    const { definition, isFaulty, samples } = await watched.current();
    watched.close();
    rmSync(faulty, { recursive: true });
    expect(isFaulty).toBe(true);
    expect(Object.keys(definition?.emails['three-leaks'] ?? {})).toEqual(['vi']);
    expect(samples.length).toBeGreaterThan(1);
  });
});

describe('while files are edited', () => {
  it('a saved file is told to every open page, and shown', async () => {
    const { number } = await state.current();
    const told = get(`/changes?since=${number}`);
    const mail = '---\nsubject: Edited\nclass: educational\n---\nJust edited.\n';
    writeFileSync(join(folder, 'emails', 'three-leaks.en.md'), mail);
    const { text, headers } = await told;
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(text).toMatch(/event: changed\ndata: \d+\n\n$/);
    expect((await get('/emails/three-leaks/en')).text).toContain('Just edited.');
  });

  it('an error is shown by file and line, beside what was there before', async () => {
    const { number } = await state.current();
    const mail = '---\nsubject: Edited\nclass: educational\n---\nHello {{ lead.nmae }}.\n';
    writeFileSync(join(folder, 'emails', 'three-leaks.en.md'), mail);
    await state.change(number, 5000);
    const { text } = await get('/emails/three-leaks/en');
    expect(text).toContain('emails/three-leaks.en.md:5:10 error There is no variable `lead.nmae`.');
    expect(text).toContain('Just edited.');
  });

  it('an error in one file keeps no other from being followed', async () => {
    const { number } = await state.current();
    writeFileSync(
      join(folder, 'emails', 'three-leaks-short.en.md'),
      '---\nsubject: A\nclass: educational\n---\nEdited beside an error.\n',
    );
    await state.change(number, 5000);
    const { text } = await get('/emails/three-leaks-short/en');
    expect(text).toContain('Edited beside an error.');
    expect(text).toContain('There is no variable');
    expect((await get('/workflows/guide-to-demo')).text).toContain('<svg');
  });

  it('leads of one’s own take the place of the samples', async () => {
    const { number } = await state.current();
    writeFileSync(
      join(folder, 'emails', 'three-leaks.en.md'),
      '---\nsubject: A\nclass: educational\n---\n{{ lead.name | greeting }}\n',
    );
    writeFileSync(join(folder, 'preview.yaml'), 'leads:\n  minh: { name: Trần Quang Minh }\n');
    await state.change(number, 5000);
    const { text } = await get('/emails/three-leaks/en');
    expect(text).toContain('Hello Minh,');
    expect(text).not.toContain('huong');
  });
});
