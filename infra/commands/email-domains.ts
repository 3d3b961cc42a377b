/** The committed lists of mail domains: read from what others publish, and written as the file that the domain imports. */
import { domainToASCII } from 'node:url';

export interface DomainLists {
  freeMail: ReadonlySet<string>;
  disposable: ReadonlySet<string>;
}

/** Each Lambda carries the lists: more would make all of them slow to start. */
export const MOST_DOMAINS = 20_000;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export interface ReadList {
  domains: string[];
  /** What is no domain, as it stands there. */
  refused: string[];
}

/** Domains of a text: a JSON list, or one a line with `#` or `//` before remarks. In order, each once. */
export function readDomains(text: string): ReadList {
  const entries = text.trimStart().startsWith('[') ? jsonList(text) : text.split('\n').map(withoutRemark);
  const domains = new Set<string>();
  const refused: string[] = [];
  for (const entry of entries.map((one) => one.trim()).filter((one) => one !== '')) {
    const domain = domainToASCII(entry.replace(/^[@*.]+/, '')).toLowerCase();
    if (DOMAIN.test(domain)) domains.add(domain);
    else refused.push(entry.slice(0, 80));
  }
  return { domains: [...domains].sort(), refused };
}

/** @throws Error when it is no list of texts. */
function jsonList(text: string): string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every((entry) => typeof entry === 'string'))
    throw new Error('The JSON is not a list of domains.');
  return list;
}

const withoutRemark = (line: string): string => line.replace(/(^|\s)(#|\/\/).*$/, '');

/**
 * The lists with these domains added. A mailbox provider is never taken for a disposable one, whatever a list says.
 * @throws Error when there would be too many.
 */
export function addDomains(lists: DomainLists, kind: keyof DomainLists, domains: string[]): DomainLists {
  const added = kind === 'disposable' ? domains.filter((domain) => !lists.freeMail.has(domain)) : domains;
  const next = { ...lists, [kind]: new Set([...lists[kind], ...added].sort()) };
  if (next[kind].size > MOST_DOMAINS)
    throw new Error(`That makes ${next[kind].size} domains; at most ${MOST_DOMAINS} go into every function.`);
  return next;
}

/** The text of `functions/lead/email-domains.ts`. */
export const fileOf = ({ freeMail, disposable }: DomainLists): string => `/**
 * Domains of mailboxes that are free, and of those made to be thrown away. Written by \`npx ripen lists\`, which adds to them.
 * Small firms in Vietnam and Thailand use free mailboxes for business: nothing here judges them, a definition may.
 */
const domainsIn = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\\s+/));

export const FREE_MAIL = domainsIn(\`
${wrapped(freeMail)}
\`);

export const DISPOSABLE = domainsIn(\`
${wrapped(disposable)}
\`);
`;

const LINES = 120;
const WIDTH = 118;

/** In lines that are read well; in longer ones where there are so many that the file would be. */
function wrapped(domains: ReadonlySet<string>): string {
  const all = [...domains].sort();
  const length = all.reduce((sum, domain) => sum + domain.length + 1, 0);
  const width = Math.max(WIDTH, Math.ceil(length / LINES) + 70);
  const lines: string[] = [];
  let line = '';
  for (const domain of all) {
    if (line !== '' && line.length + domain.length + 1 > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? domain : `${line} ${domain}`;
  }
  return [...lines, line].join('\n');
}
