/** Calling the running system's own `/api`, and a page for what it refuses. */
import { html } from 'hono/html';
import { shell } from './shell.ts';

/** A call that changes something. */
interface Sent {
  method: 'PATCH' | 'POST';
  body: object;
}

/** Calls the running system's own API. @throws ApiProblem when it answers with one. */
export type CallApi = (path: string, sent?: Sent) => Promise<unknown>;

class ApiProblem extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The API of the system that answers there. */
export const callApi =
  (url: string): CallApi =>
  async (path, sent) => {
    const asked = sent && {
      method: sent.method,
      body: JSON.stringify(sent.body),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
    };
    const answer = await fetch(`${url}${path}`, asked ?? { headers: { accept: 'application/json' } });
    const body: unknown = await answer.json();
    if (answer.ok) return body;
    throw new ApiProblem(answer.status, problemText(body) ?? `The API answered ${answer.status}.`);
  };

const problemText = (body: unknown): string | undefined =>
  body !== null && typeof body === 'object' && 'detail' in body ? String(body.detail) : undefined;

/** The page, or one that says what the API would not give or do. */
export async function orProblem(page: () => Promise<Response>): Promise<Response> {
  try {
    return await page();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const title = error.status === 404 ? 'Not here' : 'Not done';
    const body = html`<h1>${title}</h1><p>${error.message}</p><p><a href="/leads">All leads</a></p>`;
    const response = await shell({ title, body });
    return new Response(response.body, { status: error.status, headers: response.headers });
  }
}
