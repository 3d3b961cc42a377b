/** People, and what looks like them: the edges at which a wrong verdict would cost a lead. */
import { APPLE, CHROME, EDGE, GMAIL, IPHONE, OUTLOOK, type Trace } from '../trace.ts';

const HOME = '192.0.2.20';
const OFFICE = '192.0.2.99';

export const people: Trace[] = [
  {
    name: 'a person who reads in the evening and follows one link',
    delivered: 2,
    links: 3,
    agent: IPHONE,
    ip: HOME,
    lines: [
      [30_000, 'open', 'human'],
      [30_020, 'guide', 'human'],
    ],
  },
  {
    name: 'a person who clicks two seconds after the delivery: in doubt, until they look at the page',
    delivered: 2,
    links: 3,
    agent: IPHONE,
    ip: HOME,
    lines: [[2, 'guide', 'suspect']],
  },
  {
    name: 'a person who clicks half a minute after the delivery',
    delivered: 2,
    links: 3,
    agent: IPHONE,
    ip: HOME,
    lines: [[30, 'guide', 'human']],
  },
  {
    name: 'a person who has the mail open when it comes: loading images is no decision',
    delivered: 2,
    links: 3,
    agent: OUTLOOK,
    ip: HOME,
    lines: [[4, 'open', 'human']],
  },
  {
    name: 'a person who follows two links a quarter of a minute apart',
    delivered: 2,
    links: 4,
    agent: CHROME,
    ip: HOME,
    lines: [
      [3600, 'guide', 'human'],
      [3615, 'story', 'human'],
    ],
  },
  {
    name: 'a person who follows both links of a mail with two within a minute, hours later',
    delivered: 2,
    links: 2,
    agent: CHROME,
    ip: HOME,
    lines: [
      [7200, 'guide', 'human'],
      [7240, 'story', 'human'],
    ],
  },
  {
    name: 'a person who follows both links soon after the delivery: in doubt, until they look at the page',
    delivered: 2,
    links: 2,
    agent: CHROME,
    ip: HOME,
    lines: [
      [600, 'guide', 'suspect'],
      [640, 'story', 'suspect'],
    ],
  },
  {
    name: 'a person who clicks twice on the same link',
    delivered: 2,
    links: 3,
    agent: CHROME,
    ip: HOME,
    lines: [
      [3600, 'guide', 'human'],
      [3600.3, 'guide', 'human'],
    ],
  },
  {
    name: 'a person who reads on, and unsubscribes a minute later',
    delivered: 2,
    links: 3,
    agent: CHROME,
    ip: HOME,
    lines: [
      [3600, 'guide', 'human'],
      [3660, 'unsubscribe', 'suspect'],
    ],
  },
  {
    name: 'a person who unsubscribes and does nothing else: heard, and no interest',
    delivered: 2,
    links: 3,
    agent: CHROME,
    ip: HOME,
    lines: [[3600, 'unsubscribe', 'suspect']],
  },
  {
    name: 'a person behind a gateway that followed all links before: the gateway’s clicks are no reason against theirs',
    delivered: 5,
    links: 3,
    agent: CHROME,
    ip: '203.0.113.10',
    lines: [
      [-2, 'guide', 'machine'],
      [-1.8, 'story', 'machine'],
      [-1.5, 'demo', 'machine'],
      [5400, 'guide', 'human', { agent: EDGE, ip: OFFICE }],
    ],
  },
  {
    name: 'two people behind one office address',
    delivered: 2,
    links: 3,
    agent: EDGE,
    ip: OFFICE,
    lines: [[600, 'guide', 'human']],
  },
  {
    name: 'a link forwarded to a colleague: another browser at another address, and nobody can tell',
    delivered: 2,
    links: 3,
    agent: CHROME,
    ip: HOME,
    lines: [
      [3600, 'guide', 'human'],
      [9000, 'guide', 'human', { agent: EDGE, ip: OFFICE }],
    ],
  },
  {
    name: 'a person at Gmail: the proxy opened, the browser clicked',
    delivered: 2,
    links: 3,
    agent: CHROME,
    ip: HOME,
    lines: [
      [500, 'open', 'proxy', { agent: GMAIL, ip: '66.249.84.1' }],
      [512, 'guide', 'human'],
    ],
  },
  {
    name: 'a person at Apple Mail: the proxy opened at once, the person clicked later',
    delivered: 2,
    links: 3,
    agent: IPHONE,
    ip: HOME,
    lines: [
      [1, 'open', 'proxy', { agent: APPLE, ip: '104.28.0.1' }],
      [700, 'guide', 'human'],
    ],
  },
  {
    name: 'a person whose delivery SES has not told of yet',
    links: 3,
    agent: CHROME,
    ip: HOME,
    lines: [[45, 'guide', 'human']],
  },
];
