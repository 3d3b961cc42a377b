/** The named lists that `emailDomain` may name: those of the scoring file and three built-in ones. */
import { DISPOSABLE, FREE_MAIL } from './email-domains.ts';

/** Local parts that name a desk, not a person; `lienhe` and the like are Vietnamese. */
const ROLE = [
  ...[
    'info',
    'sales',
    'hr',
    'contact',
    'admin',
    'administrator',
    'office',
    'support',
    'help',
    'helpdesk',
    'hello',
    'hi',
  ],
  ...[
    'team',
    'marketing',
    'press',
    'media',
    'billing',
    'accounts',
    'accounting',
    'finance',
    'invoice',
    'invoices',
    'legal',
  ],
  ...['jobs', 'careers', 'recruitment', 'recruiting', 'service', 'services', 'customerservice', 'enquiries', 'enquiry'],
  ...[
    'inquiry',
    'mail',
    'email',
    'webmaster',
    'postmaster',
    'hostmaster',
    'abuse',
    'noc',
    'security',
    'noreply',
    'no-reply',
  ],
  ...[
    'donotreply',
    'do-not-reply',
    'reception',
    'purchasing',
    'procurement',
    'orders',
    'order',
    'booking',
    'reservations',
  ],
  ...[
    'lienhe',
    'kinhdoanh',
    'tuyendung',
    'ketoan',
    'nhansu',
    'hotro',
    'chamsockhachhang',
    'cskh',
    'vanphong',
    'banhang',
  ],
  ...['thongtin', 'muahang', 'giamdoc'],
];

export const BUILT_IN_LISTS = ['free-mail', 'disposable', 'role'] as const;

const role = new Set(ROLE);

const isAtOrUnder = (domain: string, listed: ReadonlySet<string>): boolean => {
  for (let rest = domain; rest !== ''; ) {
    if (listed.has(rest)) return true;
    const dot = rest.indexOf('.');
    rest = dot < 0 ? '' : rest.slice(dot + 1);
  }
  return false;
};

/** Whether a domain (lower-case ASCII) is one of the list's or a sub-domain of one. */
export const inDomainList = (domain: string, list: Iterable<string>): boolean => isAtOrUnder(domain, new Set(list));

const isInList = (email: { local: string; domain: string }, name: string, own: Record<string, string[]>): boolean => {
  // A list of the file's own wins over a built-in one of the same name.
  const list = own[name];
  if (list !== undefined) return inDomainList(email.domain, list);
  if (name === 'free-mail') return isAtOrUnder(email.domain, FREE_MAIL);
  if (name === 'disposable') return isAtOrUnder(email.domain, DISPOSABLE);
  return name === 'role' && role.has((email.local.toLowerCase().split('+')[0] ?? '').trim());
};

/** Whether the address (domain in lower-case ASCII) is in one of the named lists; `own` are those of the scoring file. */
export const isInEmailLists = (
  email: { local: string; domain: string },
  names: readonly string[],
  own: Record<string, string[]>,
): boolean => names.some((name) => isInList(email, name, own));
