/** What went to sales: the mails of handoffs, and what the functions sent to webhooks. */
import { html } from 'hono/html';
import { z } from 'zod';
import { shell, timeTag } from './shell.ts';

/** A request that a function made to the world, as the engine caught it. */
export interface Outbound {
  at: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface Item {
  channel: 'email' | 'webhook';
  to: string;
  subject: string;
  text: string;
  html?: string | undefined;
  headers?: Record<string, string>;
  at: string;
}

const Inbox = z.object({
  items: z.array(
    z.looseObject({
      to: z.string(),
      subject: z.string(),
      text: z.string().nullish(),
      html: z.string().nullish(),
      at: z.string(),
      tags: z.record(z.string(), z.string()),
    }),
  ),
});

/** Newest first. `inbox` is the JSON of the local inbox. */
export function salesItems(inbox: unknown, outbound: Outbound[]): Item[] {
  const mails: Item[] = Inbox.parse(inbox)
    .items.filter((mail) => mail.tags.purpose === 'handoff')
    .map(({ to, subject, text, html: page, at }) => ({
      channel: 'email',
      to,
      subject,
      text: text ?? '',
      html: page ?? undefined,
      at,
    }));
  const hooks: Item[] = outbound.map(({ url, body, at, headers, method }) => ({
    channel: 'webhook',
    to: url,
    subject: `${method} ${new URL(url).pathname}`,
    text: body,
    headers,
    at,
  }));
  return [...mails, ...hooks].sort((a, b) => (a.at < b.at ? 1 : -1));
}

export function salesPage(items: Item[], zone: string): Promise<Response> {
  return shell({
    title: 'What went to sales',
    body: html`<h1>What went to sales</h1>
<div class="stack">${items.length === 0 ? html`<p class="card">Nothing yet. A lead comes here when it crosses the threshold, or asks for a demo.</p>` : ''}${items.map(
      (
        item,
      ) => html`<article class="card"><p>${timeTag(item.at, zone)} <span class="pill">${item.channel}</span> to ${item.to}</p>
<h2>${item.subject}</h2><pre>${linked(item.text)}</pre></article>`,
    )}</div>`,
  });
}

/** Plain text with its addresses of pages made into links. */
const linked = (text: string) =>
  text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));
