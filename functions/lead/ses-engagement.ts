/** Opens and clicks as SES tells them: what happened, and the evidence of whose act it was. */
import * as z from 'zod/mini';
import type { Happening } from './event.ts';
import { withoutOwnToken } from './own-link.ts';
import type { MailAct } from './traffic.ts';

const text = z.string();
/** Who asked; each of them may be missing, `isBotEvent` most of all. */
const reader = { ipAddress: z.nullish(text), userAgent: z.nullish(text), isBotEvent: z.nullish(text) };

export const OPEN = z.looseObject({ timestamp: text, ...reader });
export const CLICK = z.looseObject({
  timestamp: text,
  link: text,
  linkTags: z.nullish(z.record(text, z.array(text))),
  ...reader,
});

type Reader = Pick<z.infer<typeof OPEN>, 'ipAddress' | 'userAgent' | 'isBotEvent'>;
export type Act = Omit<MailAct, 'id' | 'key' | 'at'>;

/** What an open or a click says. `apart` tells it from others on the same mail: the same link may be followed twice. */
export interface Said {
  type: 'email.opened' | 'email.clicked';
  at: string;
  data: Happening['data'];
  apart: string;
  act: Act;
}

const readBy = ({ ipAddress, userAgent, isBotEvent }: Reader): Pick<Act, 'ip' | 'agent' | 'bot'> => ({
  ...(ipAddress && { ip: ipAddress }),
  // Longer ones are cut: nothing that is looked for stands behind.
  ...(userAgent && { agent: userAgent.slice(0, 400) }),
  ...(isBotEvent === 'Likely' && { bot: true as const }),
});

/** The first value of each tag of a link, at most ten: `data-…` attributes that the mail's author wrote. */
const flatTags = (tags: Record<string, string[]> | null | undefined): Happening['data'] =>
  Object.fromEntries(
    Object.entries(tags ?? {})
      .flatMap(([name, [first]]) => (first ? [[name, first]] : []))
      .slice(0, 10),
  );

export const opened = (open: z.infer<typeof OPEN>): Said => ({
  type: 'email.opened',
  at: open.timestamp,
  data: {},
  apart: open.timestamp,
  act: { type: 'open', ...readBy(open) },
});

export const clicked = (click: z.infer<typeof CLICK>): Said => {
  const link = withoutOwnToken(click.link);
  const own = link !== click.link;
  return {
    type: 'email.clicked',
    at: click.timestamp,
    data: { ...flatTags(click.linkTags), link, ...(own && { own }) },
    apart: `${click.link} ${click.timestamp}`,
    act: { type: 'click', link, ...(own && { own }), ...readBy(click) },
  };
};
