/** What one lead does, in a marketer's words: "clicks everything on day 2, asks for a demo on day 5". */

/** When: a day counted from the post (the day of the post is day 0), from it on, or whenever a mail comes. */
export interface When {
  on?: number;
  from?: number;
  /** A time of day as "HH:MM". */
  at?: string;
}

export type Habit =
  | { does: 'opens' | 'clicks' | 'replies'; mail: string | 'everything'; when: When }
  | { does: 'asks'; event: string; when: When }
  | { does: 'event'; event: string; data?: Record<string, string | number | boolean>; when: When }
  | { does: 'visits'; category: string | undefined; when: When }
  | { does: 'unsubscribes' | 'complains' | 'confirms'; when: When }
  | { does: 'never-confirms' | 'never-agrees' | 'bounces' }
  | { does: 'answered'; answer: string; hours: number };

interface Pattern {
  example: string;
  match: RegExp;
  /** `words`: the named parts. Nothing: a habit of doing nothing. */
  read: (words: Record<string, string | undefined>) => Habit | undefined;
}

const WHEN = String.raw`(?:\s+(?:(?<word>on|from) day (?<day>\d{1,3})|after (?<days>\d{1,3}) days?)(?: at (?<at>\d\d:\d\d))?)?`;
const pattern = (example: string, text: string, read: Pattern['read']): Pattern => ({
  example,
  match: new RegExp(`^${text}$`, 'i'),
  read,
});

const whenOf = ({ word, day, days, at }: Record<string, string | undefined>): When => {
  const number = Number(day ?? days);
  const when =
    day === undefined && days === undefined ? {} : word?.toLowerCase() === 'from' ? { from: number } : { on: number };
  return { ...when, ...(at === undefined ? {} : { at }) };
};

const DOES = { open: 'opens', click: 'clicks', 'reply to': 'replies' } as const;

/** Every sentence that is understood. */
const PATTERNS: Pattern[] = [
  pattern(
    'clicks everything on day 2',
    `(?<verb>open|click|reply to|replie)s?(?: to)? (?:on )?(?<mail>nothing|everything|all(?: mails)?|any mail|[a-z0-9-]+)${WHEN}`,
    (words) => {
      const verb = (words.verb ?? '').toLowerCase();
      const does = verb.startsWith('repl') ? 'replies' : DOES[verb as 'open' | 'click'];
      const mail = (words.mail ?? '').toLowerCase();
      if (mail === 'nothing') return undefined;
      return {
        does,
        mail: /^(everything|all|all mails|any mail)$/.test(mail) ? 'everything' : mail,
        when: whenOf(words),
      };
    },
  ),
  pattern('asks for a demo on day 5', `asks for an? (?<event>demo|quote|meeting|call|contact)${WHEN}`, (words) => ({
    does: 'asks',
    event: words.event?.toLowerCase() ?? '',
    when: whenOf(words),
  })),
  pattern('visits the pricing page on day 3', `visits (?:the )?(?<page>[a-z0-9-]+)(?: page)?${WHEN}`, (words) => ({
    does: 'visits',
    category: words.page === 'site' ? undefined : words.page,
    when: whenOf(words),
  })),
  pattern('webinar.attended on day 8', String.raw`(?<event>[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*)${WHEN}`, (words) => ({
    does: 'event',
    event: words.event ?? '',
    when: whenOf(words),
  })),
  pattern('unsubscribes on day 4', `unsubscribes${WHEN}`, (words) => ({ does: 'unsubscribes', when: whenOf(words) })),
  pattern('complains on day 4', `complains${WHEN}`, (words) => ({ does: 'complains', when: whenOf(words) })),
  pattern('confirms on day 1', `confirms${WHEN}`, (words) => ({ does: 'confirms', when: whenOf(words) })),
  pattern('never confirms', '(?:never confirms|does not confirm)', () => ({ does: 'never-confirms' })),
  pattern('does not agree', '(?:never agrees|does not agree|ticks nothing)', () => ({ does: 'never-agrees' })),
  pattern('bounces', 'bounces', () => ({ does: 'bounces' })),
  pattern('does nothing', 'does nothing', () => undefined),
  pattern(
    'sales answers not-ready after 4 hours',
    String.raw`sales (?:answers |says )?(?<answer>[a-z-]+?)(?: after (?<number>\d+) (?<unit>hour|day)s?)?`,
    ({ answer = '', number, unit }) => ({
      does: 'answered',
      answer: answer === 'accepts' ? 'accepted' : answer,
      hours: number === undefined ? 2 : Number(number) * (unit === 'day' ? 24 : 1),
    }),
  ),
];

/** The habits that the words say, in their order. @throws Error naming the part that is not understood, with examples. */
export function readHabits(text: string): Habit[] {
  const parts = text
    .split(/\s*(?:[,;]|\band\b|\bthen\b)\s*/i)
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new Error(`Say what the lead does: ${examples()}.`);
  return parts.flatMap((part) => {
    for (const { match, read } of PATTERNS) {
      const found = match.exec(part);
      if (!found) continue;
      const habit = read({ ...found.groups });
      return habit ? [habit] : [];
    }
    throw new Error(`"${part}" is not understood. It may be: ${examples()}.`);
  });
}

const examples = (): string => PATTERNS.map(({ example }) => `"${example}"`).join(', ');
