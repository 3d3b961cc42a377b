/** Checks the mails of a folder as a whole, and compiles them. */
import type { Email, Settings } from '../../functions/definition/settings.ts';
import { checkClass, checkTopic, type EmailFile } from './email-file.ts';
import type { Folder } from './folder.ts';
import { makeFrame } from './frame.ts';
import { compileLayout, type Layout, layoutFaults } from './layout.ts';
import { checkMail, renderMail } from './mail.ts';
import { variablesOf } from './mail-variables.ts';
import type { Names } from './names.ts';
import type { Problem } from './problem.ts';
import { list } from './shape.ts';
import { fail, noteAt, type Spot, warn } from './source.ts';
import { trialFault } from './trial-render.ts';

export interface Mails {
  emails: Record<string, Record<string, Email>>;
  /** What is wrong with the layout; the mails' own problems stand in their sources. */
  problems: Problem[];
}

/** Warns of mails that no form and no workflow sends. */
export function checkUnused(files: EmailFile[], used: Set<string>): void {
  const told = new Set(used);
  for (const { name, source } of files) {
    if (!told.has(name)) warn({ source, path: [] }, `Nothing sends the mail \`${name}\`.`);
    told.add(name);
  }
}

/** Compiles all mails. */
export async function compileEmails(
  files: EmailFile[],
  { layout, settings, names }: { layout: Folder['layout']; settings: Settings; names: Names },
): Promise<Mails> {
  const byName = Map.groupBy(files, ({ name }) => name);
  for (const group of byName.values()) checkGroup(group, settings, names);
  const topics = { word: 'topic', home: 'settings.yaml', names: new Set(Object.keys(settings.topics)) };
  const problems: Problem[] = [];
  const frame = files.length === 0 ? undefined : await frameOf(layout, settings, names, problems);
  const emails: Mails['emails'] = {};
  for (const file of files) {
    const { front } = file;
    checkClass(file, names.classes);
    // Without a language the settings could not be read: then any topic may exist.
    checkTopic(file, { ...topics, open: settings.languages.length === 0 });
    if (!front) continue;
    const answers = names.delivered.has(file.name) ? 'answer' : 'by a step';
    const kind = front.class === 'transactional' ? answers : 'marketing';
    const variables = variablesOf(names.leadFields.keys(), settings, kind);
    if (!names.fieldsKnown || !checkMail(file, front, variables)) continue;
    const byLanguage = emails[file.name] ?? {};
    const email = renderMail(file, front, settings, frame);
    byLanguage[file.language] = email;
    emails[file.name] = byLanguage;
    const fault = frame && trialFault(email, names.leadFields.keys(), settings);
    if (fault) noteAt('error', file.source, { line: file.bodyLine + 1, column: 1 }, fault);
  }
  return { emails, problems };
}

async function frameOf(
  layout: Folder['layout'],
  settings: Settings,
  names: Names,
  problems: Problem[],
): Promise<Layout | undefined> {
  const variables = new Map(variablesOf(names.leadFields.keys(), settings, 'by a step'));
  // One layout frames both kinds: what only one of them has comes through the footer.
  for (const only of ['form.name', 'asset.name', 'links.confirm']) variables.delete(only);
  const found = layout ? layoutFaults(layout.text, variables) : [];
  const errors = found.filter(({ warning }) => !warning);
  const made = errors.length > 0 ? errors : await compileLayout(layout?.text ?? makeFrame(settings));
  for (const { line, message, nearest, hint, warning } of typeof made === 'function' ? found : made) {
    const extra = { ...(nearest === undefined ? {} : { nearest }), ...(hint === undefined ? {} : { hint }) };
    const file = layout?.file ?? 'emails/layout.mjml';
    problems.push({ severity: warning ? 'warning' : 'error', file, line, column: 1, message, ...extra });
  }
  return typeof made === 'function' ? made : undefined;
}

/** Checks the languages of one mail. */
function checkGroup(group: EmailFile[], settings: Settings, names: Names): void {
  const [first = '', ...others] = settings.languages;
  const [one] = group;
  if (!one) return;
  const written = new Set(group.map(({ language }) => language));
  const main = group.find(({ language }) => language === first) ?? one;
  const spot: Spot = { source: main.source, path: [] };
  for (const file of group) checkMember(file, main, settings, names);
  if (settings.languages.length === 0) return;
  if (!written.has(first)) {
    fail(spot, `The mail \`${one.name}\` is missing in \`${first}\`, the first language.`, {
      hint: `Write emails/${one.name}.${first}.md.`,
    });
  }
  const missing = others.filter((language) => !written.has(language));
  if (missing.length > 0 && written.has(first)) {
    warn(spot, `The mail \`${one.name}\` is missing in ${list(missing)}: its readers get \`${first}\`.`);
  }
}

function checkMember(file: EmailFile, main: EmailFile, settings: Settings, names: Names): void {
  if (settings.languages.length > 0 && !settings.languages.includes(file.language)) {
    const hint = `The languages are ${settings.languages.join(', ')}: see settings.yaml.`;
    warn({ source: file.source, path: [] }, `\`${file.language}\` is not one of the languages: nobody gets this.`, {
      hint,
    });
  }
  const wanted = main.front?.class;
  const known = wanted === 'transactional' || names.classes.open || names.classes.names.has(wanted ?? '');
  if (file.front && known && file.front.class !== wanted) {
    const message = `In \`${main.language}\` this mail has the class \`${wanted}\`.`;
    fail({ source: file.source, path: ['class'] }, message, { hint: 'All languages of a mail have one class.' });
  }
  const topic = main.front?.topic;
  if (!file.front || !main.front || file.front.topic === topic) return;
  const message = `In \`${main.language}\` this mail has ${topic === undefined ? 'no topic' : `the topic \`${topic}\``}.`;
  const hint = 'All languages of a mail have one topic.';
  fail({ source: file.source, path: ['topic'] }, message, { hint });
}
