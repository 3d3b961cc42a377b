/** What a definition cannot do without, as `ripen new` writes it into a folder that has none: commented, and such that it checks. */
import type { NewFile } from './new-files.ts';
import type { SourceFile } from './read-folder.ts';

/** The files that `files` lacks. */
export const lackingFiles = (files: SourceFile[]): NewFile[] =>
  BASE.filter(({ path }) => !files.some((file) => file.path === path));

const SETTINGS = `# yaml-language-server: $schema=./schema/settings.json
name: My company                  # what mails and pages call you
from: { name: My company, address: hello@mail.example.com }   # an address at a domain of yours
# replyTo: me@example.com         # where answers go
# postalAddress: 1 Main Street, Springfield   # marketing mail must show it; deploying needs it
# site: https://www.example.com
languages: [en]                   # of forms and mails; the first is the fallback
zone: UTC                         # where a lead tells none: Asia/Ho_Chi_Minh, Europe/Berlin, …
# staffDomains: [example.com]     # your own people: never leads, never scored
`;

const SCORING = `# yaml-language-server: $schema=./schema/scoring.json
scoring: first
owners: { marketing: marketing@example.com, sales: sales@example.com }   # who agree on these rules
# reviewBy: 2030-01-31            # a warning once it is past

fields:                           # all that a rule may read of a lead; a form asks for it by \`{ from: scoring }\`
  jobTitle: { type: text }
  companySize: { type: choice, of: [1-9, 10-49, 50+] }

gates:                            # must be open before a score makes anybody an MQL
  consented: { consent: marketing }
  converted: { conversions: ">= 1" }

fit:                              # who they are: 0 to 100, does not fade
  grades: { A: 70, B: 50, C: 30 }   # below C is D
  rules:
    size: { field: companySize, points: { 1-9: 10, 10-49: 30, 50+: 50 } }
    role:
      field: jobTitle
      matches:
        - { words: [director, ceo, founder], points: 50 }
        - { words: [manager, head of], points: 30 }

engagement:                       # what they did: 0 to 100, acts of people alone, fading
  rules:
    form: { on: form.submitted, points: 15, per: day, cap: 20, halfLife: 21 days }
    click: { on: email.clicked, points: 10, per: email, cap: 20, halfLife: 14 days }
    page: { on: page.viewed, points: 2, cap: 20, halfLife: 7 days }

handRaise: { on: [demo.requested, quote.requested, meeting.booked, contact.requested] }   # goes to sales at once

stages:
  iql: { when: { conversions: ">= 1" } }
  mql: { when: { grade: [A, B], engagement: ">= 30" }, leaveBelow: { engagement: 15 }, stay: 24 hours }
  sql: { when: { any: [{ handRaise: true }, { handoff: accepted }] } }

content:                          # classes of mails, and the stages that may get them
  educational: [lead, iql, mql, recycled]
  proof: [iql, mql, recycled]
  offer: [sql]
`;

const HANDOFF = `# yaml-language-server: $schema=./schema/handoff.json
handoff: sales
when: { any: [{ stage: mql }, { handRaise: true }] }   # what makes a lead ready
assign:
  - { to: [sales@example.com] }   # several take turns; \`where:\` before it assigns by field
notify: [email]
answer:
  within: { handRaise: 1 hour, otherwise: 8 hours }    # counted in the hours below
  hours: { days: mon-fri, from: "08:00", to: "18:00", zone: UTC }
  remind: half-way
  # escalateTo: head-of-sales@example.com
outcomes:                         # what sales may answer, and what it makes of the lead
  accepted: { stage: sql }
  not-ready: { stage: recycled, rest: 30 days }        # no score hands it over again within the rest
  bad-fit: { stage: disqualified }
  customer: { stage: customer }
  won: { stage: customer, after: accepted }
  lost: { stage: recycled, after: accepted, rest: 90 days }
`;

const BASE: NewFile[] = [
  { path: 'settings.yaml', text: SETTINGS },
  { path: 'scoring.yaml', text: SCORING },
  { path: 'handoff.yaml', text: HANDOFF },
];
