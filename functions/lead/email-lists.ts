/** The named lists that `emailDomain` may name: those of the scoring file and three built-in ones. */

/**
 * Mailboxes that anybody can open, without payment. Small firms in Vietnam and Thailand use them for business:
 * nothing here judges them, a definition may.
 */
const FREE_MAIL = [
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'outlook.co.th', 'hotmail.com', 'hotmail.co.th', 'hotmail.co.uk'],
  ...['hotmail.fr', 'live.com', 'live.co.uk', 'live.fr', 'msn.com', 'windowslive.com', 'yahoo.com', 'yahoo.com.vn'],
  ...['yahoo.co.th', 'yahoo.co.uk', 'yahoo.co.jp', 'yahoo.co.in', 'yahoo.com.sg', 'yahoo.fr', 'yahoo.de', 'ymail.com'],
  ...[
    'rocketmail.com',
    'icloud.com',
    'me.com',
    'mac.com',
    'aol.com',
    'proton.me',
    'protonmail.com',
    'pm.me',
    'gmx.com',
  ],
  ...['gmx.de', 'gmx.net', 'web.de', 't-online.de', 'mail.com', 'mail.ru', 'yandex.ru', 'yandex.com', 'zoho.com'],
  ...[
    'zohomail.com',
    'fastmail.com',
    'fastmail.fm',
    'tutanota.com',
    'tuta.io',
    'hey.com',
    'qq.com',
    '163.com',
    '126.com',
  ],
  ...['sina.com', 'naver.com', 'daum.net', 'hanmail.net', 'rediffmail.com', 'libero.it', 'orange.fr', 'wanadoo.fr'],
  ...['laposte.net', 'free.fr', 'btinternet.com', 'comcast.net', 'verizon.net', 'att.net', 'thaimail.com'],
  ...['vnn.vn', 'fpt.vn', 'zing.vn'],
];

/** Addresses made to be thrown away. */
const DISPOSABLE = [
  ...[
    'mailinator.com',
    'guerrillamail.com',
    'guerrillamail.net',
    'guerrillamail.org',
    'guerrillamailblock.com',
    'sharklasers.com',
  ],
  ...[
    'grr.la',
    '10minutemail.com',
    '10minutemail.net',
    'temp-mail.org',
    'temp-mail.io',
    'tempmail.com',
    'tempmail.net',
  ],
  ...[
    'tempmailo.com',
    'tempail.com',
    'tempr.email',
    'throwawaymail.com',
    'trashmail.com',
    'trashmail.de',
    'trashmail.net',
  ],
  ...[
    'yopmail.com',
    'yopmail.fr',
    'yopmail.net',
    'getnada.com',
    'nada.email',
    'maildrop.cc',
    'mailnesia.com',
    'mailcatch.com',
  ],
  ...[
    'dispostable.com',
    'fakeinbox.com',
    'mintemail.com',
    'mohmal.com',
    'moakt.com',
    'emailondeck.com',
    'discard.email',
  ],
  ...[
    'spamgourmet.com',
    'spam4.me',
    'mytemp.email',
    'burnermail.io',
    'inboxkitten.com',
    'mail-temp.com',
    'minuteinbox.com',
  ],
  ...[
    'luxusmail.org',
    'einrot.com',
    'cuvox.de',
    'dayrep.com',
    'fleckens.hu',
    'gustr.com',
    'jourrapide.com',
    'rhyta.com',
  ],
  ...['superrito.com', 'teleworm.us', 'armyspy.com', 'mail.tm', 'mail.gw', 'tmail.ws', 'tmpmail.org', 'tmpmail.net'],
];

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

const freeMail = new Set(FREE_MAIL);
const disposable = new Set(DISPOSABLE);
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
  if (name === 'free-mail') return isAtOrUnder(email.domain, freeMail);
  if (name === 'disposable') return isAtOrUnder(email.domain, disposable);
  return name === 'role' && role.has((email.local.toLowerCase().split('+')[0] ?? '').trim());
};

/** Whether the address (domain in lower-case ASCII) is in one of the named lists; `own` are those of the scoring file. */
export const isInEmailLists = (
  email: { local: string; domain: string },
  names: readonly string[],
  own: Record<string, string[]>,
): boolean => names.some((name) => isInList(email, name, own));
