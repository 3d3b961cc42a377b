/** The files with which a form, a workflow or a mail begins: commented, and such that they check beside what is there. */

import { type EmailText, sortFolder } from './folder.ts';
import type { SourceFile } from './read-folder.ts';
import { DEFAULT_LANGUAGES } from './settings.ts';
import { keysAt, valueAt } from './source.ts';

export const NEW_FILES = ['form', 'workflow', 'email'] as const;
export type NewKind = (typeof NEW_FILES)[number];

export interface NewFile {
  /** Relative to the definition folder. */
  path: string;
  text: string;
}

/** The files to write, for a folder that holds `files`. */
export function newFiles(kind: NewKind, name: string, files: SourceFile[]): NewFile[] {
  const folder = sortFolder(files);
  const listed = valueAt(folder.settings?.raw, ['languages']);
  const languages = Array.isArray(listed) && listed.length > 0 ? listed.map(String) : DEFAULT_LANGUAGES;
  switch (kind) {
    case 'form':
      return [{ path: `forms/${name}.yaml`, text: formText(name, languages) }];
    case 'workflow': {
      const mails = [...new Set(folder.emails.map((email) => email.name))];
      const marketing = mails.find((mail) => classOf(mail, folder.emails) !== 'transactional');
      return [{ path: `nurture/${name}.yaml`, text: workflowText(name, marketing, [...folder.forms.keys()][0]) }];
    }
    case 'email': {
      const [given = 'transactional'] = keysAt(folder.scoring?.raw, ['content']);
      return languages.map((language) => ({
        path: `emails/${name}.${language}.md`,
        text: emailText(name, given, language),
      }));
    }
  }
}

function classOf(name: string, emails: EmailText[]): string | undefined {
  const text = emails.find((email) => email.name === name)?.text ?? '';
  return /^class:\s*([\w-]+)/m.exec(text)?.[1];
}

const formText = (
  name: string,
  languages: readonly string[],
): string => `# yaml-language-server: $schema=../schema/form.json
form: ${name}                         # the name of this file; a page posts to /forms/${name}
conversion: download              # what sending it means: download, quote, demo, meeting, contact, trial, newsletter, …
audience: sales                   # recruiting or partner: answered, never scored or nurtured
# deliver: some-mail              # a mail of class transactional that answers every post
fields:
  email: { type: email, required: true }   # who the lead is
  name: { type: text }
  # country: { from: scoring }    # a field as scoring.yaml declares it
consent:
  marketing:                      # without this consent no marketing mail goes out
    field: agree                  # the box on the page
    text:                         # what stands beside the box, word for word: kept as evidence
${languages.map((language) => `      ${language}: ${CONSENT[language] ?? CONSENT.en}`).join('\n')}
# redirect: https://www.example.com/thanks   # the page after the post
# origins: [https://www.example.com]         # sites whose scripts may post
trap: website                     # a hidden field that only machines fill in
`;

const CONSENT: Record<string, string> = {
  en: 'I agree to receive advice by email.',
  vi: 'Tôi đồng ý nhận tư vấn qua email.',
  th: 'ฉันยินยอมรับคำแนะนำทางอีเมล',
};

function workflowText(name: string, mail: string | undefined, form: string | undefined): string {
  const enrol = form
    ? `enrol: { on: form.submitted, where: { form: ${form} } }   # what brings a lead in`
    : 'enrol: { on: form.submitted }     # what brings a lead in';
  const first = mail
    ? `  - send: ${mail}                 # a mail by the name of its files`
    : '  - tag: welcomed                 # put `send: NAME` here once there is a mail: `npx ripen new email NAME`';
  return `# yaml-language-server: $schema=../schema/nurture.json
workflow: ${name}                     # the name of this file
about: What it is for, in a sentence.
${enrol}
goal: { stage: sql }              # reached or passed: the lead leaves at once
send: { window: { days: mon-fri, from: "08:00", to: "18:00" }, zone: lead, cap: { perDay: 1, perWeek: 2 } }
steps:
  - wait: 2 days
${first}
  # - waitFor: { stage: mql }     # goes on when it happens, at the latest after upTo
  #   upTo: 7 days
  #   then: []                    # steps once it has happened
  #   otherwise: []               # steps when it has not
  # - choose:                     # the first branch whose \`when\` holds
  #     - when: { grade: [A, B] }
  #       then: []
  #     - otherwise: []
`;
}

const GREETING: Record<string, [subject: string, line: string]> = {
  en: ['What this mail is about', 'One thing that helps the reader, in a few short sentences.'],
  vi: ['Thư này nói về điều gì', 'Một điều có ích cho người đọc, trong vài câu ngắn.'],
  th: ['อีเมลนี้เกี่ยวกับอะไร', 'สิ่งหนึ่งที่เป็นประโยชน์กับผู้อ่าน ในไม่กี่ประโยคสั้นๆ'],
};

function emailText(name: string, given: string, language: string): string {
  const [subject, line] = GREETING[language] ?? GREETING.en ?? [name, ''];
  return `---
subject: ${subject}
preheader: ${line}
class: ${given}                # a class of \`content\` in scoring.yaml, or transactional for what was asked for
---
{{ lead.name | greeting }}

${line}
`;
}
