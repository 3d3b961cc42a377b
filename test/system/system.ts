/** The whole local run as a child process, as a user starts it, and the calls that people and programs make to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Mail {
  id: string;
  messageId: string;
  to: string;
  from: string;
  subject: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
  html: string;
  text: string;
  at: string;
}
export interface SalesItem {
  channel: string;
  to: string;
  subject: string;
  text: string;
  at: string;
}

export class System {
  readonly data: string;
  url = '';
  output = '';
  private child: ChildProcess | undefined;
  private readonly workflows: string;
  private readonly env: Record<string, string>;

  constructor(options: { workflows?: string; env?: Record<string, string>; data?: string } = {}) {
    this.data = options.data ?? mkdtempSync(join(tmpdir(), 'ripen-system-'));
    this.workflows = options.workflows ?? join(ROOT, 'workflows');
    this.env = options.env ?? {};
  }

  /** Starts the run and waits until it says that it is ready. */
  start(port = 0): Promise<this> {
    const args = [
      'infra/ripen.ts',
      'start',
      '--json',
      '--port',
      String(port),
      '--data',
      this.data,
      '--workflows',
      this.workflows,
    ];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child = child;
    child.stderr?.on('data', (chunk) => (this.output += chunk));
    return new Promise((resolve, reject) => {
      let line = '';
      child.stdout?.on('data', (chunk) => {
        line += chunk;
        if (!line.includes('\n') || this.url) return;
        this.url = JSON.parse(line).url;
        resolve(this);
      });
      child.on('exit', (code) => reject(new Error(`The run ended with ${code} before it was ready:\n${this.output}`)));
    });
  }

  /** Ends the run with kill -9, alone or with the processes that it started: nothing of it gets to say a word. */
  async kill({ withChildren = true } = {}): Promise<void> {
    await this.end('SIGKILL', withChildren);
  }

  /** Ends the run as Ctrl-C does. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Lets the run and what it started stand still, until it may go on. */
  hold(): void {
    process.kill(-this.pid, 'SIGSTOP');
  }

  goOn(): void {
    process.kill(-this.pid, 'SIGCONT');
  }

  /** Stops and removes the data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals, group = false): Promise<void> {
    const child = this.child;
    this.child = undefined;
    this.url = '';
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (group) process.kill(-(child.pid as number), signal);
    else child.kill(signal);
    await gone;
  }

  get pid(): number {
    return this.child?.pid as number;
  }

  /** A JSON call. */
  async json<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers: { accept: 'application/json', ...init?.headers },
    });
    return (await response.json()) as T;
  }

  /** Posts a form as a script does. */
  postForm(form: string, values: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/forms/${form}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(values),
    });
  }

  /** Presses the button that the mails to this address ask for, as a person does who opens the link of the newest. */
  async confirm(email: string): Promise<void> {
    await this.settle();
    const link = (await this.mails(email)).flatMap(({ html }) => linksIn(html, '/confirm/')).at(-1);
    if (!link) throw new Error(`No mail asks ${email} to confirm.`);
    const answer = await fetch(link, { method: 'POST' });
    if (!answer.ok) throw new Error(`Confirming was answered ${answer.status}.`);
  }

  postEvents(events: object[]): Promise<{ items: { id: string; outcome: string; why?: string }[] }> {
    return this.json('/api/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    });
  }

  /** Moves the clock (ISO 8601 duration) and returns when nothing is due or in progress. */
  async advance(duration: string): Promise<string> {
    const body = JSON.stringify({ advance: duration });
    const { now } = await this.json<{ now: string }>('/_local/clock', { method: 'POST', body });
    return now;
  }

  /** Moves the clock to an instant. */
  async advanceTo(instant: string): Promise<string> {
    const { now } = await this.json<{ now: string }>('/_local/clock');
    const ms = Date.parse(instant) - Date.parse(now);
    return this.advance(`PT${Math.max(0, ms / 1000).toFixed(3)}S`);
  }

  /** Moves the clock to the next Monday, 09:00 in Vietnam, where the sample's send window has just opened for the week. */
  async advanceToMonday(): Promise<string> {
    const { now } = await this.json<{ now: string }>('/_local/clock');
    const [WEEK, NINE] = [7 * 86_400_000, Date.UTC(2027, 2, 1, 2)];
    const weeks = Math.ceil((Date.parse(now) - NINE) / WEEK);
    return this.advanceTo(new Date(NINE + weeks * WEEK).toISOString());
  }

  settle(): Promise<string> {
    return this.advance('PT0S');
  }

  /** Every lead, as the list shows it. */
  async leads(): Promise<{ id: string; email: string; stage: string }[]> {
    const all: { id: string; email: string; stage: string }[] = [];
    let cursor: string | undefined;
    do {
      const asked = new URLSearchParams({ limit: '100', ...(cursor ? { cursor } : {}) });
      const page = await this.json<{ items: typeof all; cursor?: string }>(`/api/leads?${asked}`);
      all.push(...page.items);
      cursor = page.cursor;
    } while (cursor);
    return all;
  }

  async mails(to?: string): Promise<Mail[]> {
    const { items } = await this.json<{ items: Mail[] }>(`/_local/inbox${to ? `?to=${encodeURIComponent(to)}` : ''}`);
    return items.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  async sales(): Promise<SalesItem[]> {
    return (await this.json<{ items: SalesItem[] }>('/_local/outbox/sales')).items.sort((a, b) =>
      a.at < b.at ? -1 : 1,
    );
  }

  /** The lead of an address. */
  async lead(
    email: string,
  ): Promise<Record<string, unknown> & { id: string; stage: string; engagement: number; fit: number }> {
    const found = (await this.leads()).find((lead) => lead.email === email);
    if (found) return this.json(`/api/leads/${found.id}`);
    throw new Error(`There is no lead ${email}.`);
  }
}

/** The addresses in a text or HTML that begin so. */
export const linksIn = (text: string, containing: string): string[] =>
  [...text.matchAll(/https?:\/\/[^\s"'<>)]+/g)]
    .map(([link]) => link.replaceAll('&amp;', '&'))
    .filter((link) => link.includes(containing));
