import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PreviewServer, servePreview } from '../../../infra/preview/serve.ts';

let server: PreviewServer;
beforeAll(async () => {
  server = await servePreview(async (asked) => {
    const { pathname } = new URL(asked.url);
    if (pathname === '/_local/preview/fails') throw new Error('on purpose');
    return pathname === '/_local/preview' ? new Response(`${asked.method} ${await asked.text()}`) : undefined;
  }, 0);
});
afterAll(() => server.close());

/** `fetch` sets Host and Origin as it likes. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(path, server.url),
      { method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the preview as a server', () => {
  it('answers pages and posts, and leads to them', async () => {
    expect(await ask('/_local/preview')).toEqual({ status: 200, text: 'GET ' });
    expect(await ask('/_local/preview', {}, 'to=x')).toEqual({ status: 200, text: 'POST to=x' });
    expect((await ask('/')).status).toBe(302);
    expect((await ask('/other')).status).toBe(404);
  });

  it('answers nobody from elsewhere: no other name for this machine, no page of another site', async () => {
    expect((await ask('/_local/preview', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('/_local/preview', { origin: 'https://evil.example' }, 'to=x')).status).toBe(403);
  });

  it('takes no more than a form has, and lives on after a fault', async () => {
    expect((await ask('/_local/preview', {}, 'x'.repeat(200_000)).catch(() => ({ status: 413 }))).status).toBe(413);
    expect((await ask('/_local/preview/fails')).status).toBe(500);
    expect((await ask('/_local/preview')).status).toBe(200);
  });

  it('says that a port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(servePreview(() => undefined, port)).rejects.toThrow(`Port ${port} is taken`);
  });
});
