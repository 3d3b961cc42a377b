/** The compiler's entry: a folder of definition files becomes a definition, or the list of what is wrong with it. */
import type { Definition } from '../../functions/definition/definition.ts';
import type { Form } from '../../functions/definition/form.ts';
import type { Settings } from '../../functions/definition/settings.ts';
import type { Workflow } from '../../functions/definition/workflow.ts';
import { compileMachine } from './asl.ts';
import { checkBranches } from './check-branches.ts';
import { checkCounting } from './check-counting.ts';
import { checkThresholds } from './check-thresholds.ts';
import { checkUnusedNames } from './check-unused.ts';
import { collectNames } from './collect-names.ts';
import { type EmailFile, readEmail } from './email-file.ts';
import { checkUnused, compileEmails } from './emails.ts';
import { endlessLoops } from './enrol-loops.ts';
import { type Folder, sortFolder } from './folder.ts';
import { compileForm } from './form.ts';
import { FormFile } from './form-shape.ts';
import { compileHandoff } from './handoff.ts';
import { HandoffFile } from './handoff-shape.ts';
import { contentHash } from './hash.ts';
import type { Names } from './names.ts';
import { checkOwnEvents } from './own-events.ts';
import type { Problem } from './problem.ts';
import type { SourceFile } from './read-folder.ts';
import { checkRest } from './rest-of-workflow.ts';
import { compileScoring, mapValues } from './scoring.ts';
import { ScoringFile } from './scoring-shape.ts';
import { compileSettings, SettingsFile, unreadSettings } from './settings.ts';
import { checkShape } from './shape.ts';
import { bareSource, fail, type Source } from './source.ts';
import { type CompiledWorkflow, compileWorkflow } from './workflow.ts';
import { WorkflowFile } from './workflow-shape.ts';

export interface Compiled {
  /** Absent when there is an error. */
  definition?: Definition;
  /** With errors: what could be read all the same, to be shown and never published. Mails with errors are not in it. */
  draft?: Omit<Definition, 'hash' | 'machines'>;
  /** Errors and warnings, by file and line. */
  problems: Problem[];
}

export interface CompileOptions {
  /** The day that `reviewBy` is compared with: YYYY-MM-DD. Without it nothing is overdue. */
  today?: string;
  /** For a definition that mails to people: what is only doubtful on a laptop is an error then. */
  deployed?: boolean;
}

/** Checks and compiles. Reads no disk, no clock and no network; asynchronous because MJML is. Never throws on bad input. */
export async function compile(files: SourceFile[], { today, deployed }: CompileOptions = {}): Promise<Compiled> {
  const folder = sortFolder(files);
  const parts = readParts(folder);
  const settings = parts.settings ? compileSettings(parts.settings, parts.settingsSource, deployed) : unreadSettings();
  const names = collectNames(folder, { ...parts, languages: settings.languages });
  const forms = compileForms(folder, parts.forms, names, settings);
  const compiled = compileWorkflows(folder, parts.workflows, names);
  const workflows = mapValues(compiled, ({ workflow }) => workflow);
  const scoring = parts.scoring && folder.scoring && compileScoring(parts.scoring, folder.scoring, names, today);
  const handoff = parts.handoff && folder.handoff && compileHandoff(parts.handoff, folder.handoff, names);
  const mails = await compileEmails(parts.emails, { layout: folder.layout, settings, names });

  const problems = [...folder.problems, ...missingFiles(folder), ...mails.problems];
  const sources = allSources(folder, parts);
  const isWrong = () => [...problems, ...sources.flatMap((source) => source.problems)].some(isError);
  const all = scoring && handoff && { settings, scoring, forms, workflows, handoff, emails: mails.emails };
  // What a faulty file sends and means is not known: what follows from all files together is told only when each is sound.
  if (all && !isWrong()) checkTogether(all, compiled, folder, parts);
  const wrong = isWrong();
  problems.push(...sources.flatMap((source) => source.problems));
  problems.sort(byPlace);
  if (wrong || !all) return { problems, ...(all ? { draft: all } : {}) };
  const content = { ...all, machines: mapValues(workflows, compileMachine) };
  return { definition: { hash: contentHash(content), ...content }, problems };
}

/** What only all files together tell. */
function checkTogether(
  content: Omit<Definition, 'hash' | 'machines'>,
  compiled: Record<string, CompiledWorkflow>,
  folder: Folder,
  { emails, emailClasses: classes, settingsSource }: Parts,
): void {
  const { scoring, forms, workflows } = content;
  const source = folder.scoring ?? bareSource('scoring.yaml');
  checkUnused(emails, usedEmails(forms, workflows));
  checkUnusedNames(content, { settings: settingsSource, scoring: source, ...folder });
  checkOwnEvents([source, ...folder.workflows.values()]);
  checkThresholds(scoring, { source, path: [] });
  checkCounting(scoring, forms, { source, path: [] });
  for (const each of Object.values(compiled)) checkBranches({ ...each, classes }, scoring);
}

/** The files that are of the right shape. */
interface Parts {
  settings: SettingsFile | undefined;
  settingsSource: Source;
  scoring: ScoringFile | undefined;
  handoff: HandoffFile | undefined;
  forms: Map<string, FormFile | undefined>;
  workflows: Map<string, WorkflowFile | undefined>;
  emails: EmailFile[];
  emailClasses: Map<string, string>;
}

function readParts(folder: Folder): Parts {
  const emails = folder.emails.map(readEmail);
  const settingsSource = folder.settings ?? { ...bareSource('settings.yaml'), raw: {}, sound: true };
  return {
    settings: checkShape(SettingsFile, settingsSource),
    settingsSource,
    scoring: folder.scoring && checkShape(ScoringFile, folder.scoring),
    handoff: folder.handoff && checkShape(HandoffFile, folder.handoff),
    forms: new Map([...folder.forms].map(([name, source]) => [name, checkShape(FormFile, source)])),
    workflows: new Map([...folder.workflows].map(([name, source]) => [name, checkShape(WorkflowFile, source)])),
    emails,
    emailClasses: new Map(emails.flatMap(({ name, front }) => (front ? [[name, front.class]] : []))),
  };
}

const allSources = (folder: Folder, { settingsSource, emails }: Parts): Source[] =>
  [
    settingsSource,
    folder.scoring,
    folder.handoff,
    ...folder.forms.values(),
    ...folder.workflows.values(),
    ...emails.map(({ source }) => source),
  ].filter((source) => source !== undefined);

function missingFiles(folder: Folder): Problem[] {
  const required = [
    [
      folder.scoring,
      'scoring.yaml',
      'It says who is worth a call. `npx ripen new` writes one beside the form, workflow or mail that you begin.',
    ],
    [
      folder.handoff,
      'handoff.yaml',
      'It says who in sales gets a lead. `npx ripen new` writes one beside the form, workflow or mail that you begin.',
    ],
  ] as const;
  return required.flatMap(([source, file, hint]): Problem[] =>
    source ? [] : [{ severity: 'error', file, line: 1, column: 1, message: `The folder has no ${file}.`, hint }],
  );
}

function compileForms(folder: Folder, files: Parts['forms'], names: Names, settings: Settings): Record<string, Form> {
  const forms: Record<string, Form> = {};
  for (const [name, source] of folder.forms) {
    const file = files.get(name);
    if (!file) continue;
    checkKey(source, 'form', file.form, name);
    forms[name] = compileForm(file, source, names, settings.languages);
  }
  return forms;
}

function compileWorkflows(folder: Folder, files: Parts['workflows'], names: Names): Record<string, CompiledWorkflow> {
  const workflows: Record<string, CompiledWorkflow> = {};
  for (const [name, source] of folder.workflows) {
    const file = files.get(name);
    if (!file) {
      checkRest(source, name, names);
      continue;
    }
    checkKey(source, 'workflow', file.workflow, name);
    workflows[name] = compileWorkflow(file, source, names);
  }
  for (const loop of endlessLoops(mapValues(workflows, ({ workflow }) => workflow))) {
    const source = folder.workflows.get(loop[0] ?? '');
    const way = [...loop, loop[0]].join(' → ');
    const hint = 'Let one of them say `again: never` or `again: after …`.';
    if (source) fail({ source, path: ['steps'] }, `These enrol each other for ever: ${way}.`, { key: true, hint });
  }
  return workflows;
}

/** A file is named after what it defines. */
function checkKey(source: Source, key: string, said: string, name: string): void {
  if (said === name) return;
  const hint = `Write \`${key}: ${name}\`, or rename the file to ${said}.yaml.`;
  fail({ source, path: [key] }, `The file is named ${name}.yaml, and says \`${key}: ${said}\`.`, { hint });
}

function usedEmails(forms: Record<string, Form>, workflows: Record<string, Workflow>): Set<string> {
  const steps = Object.values(workflows).flatMap((workflow) => Object.values(workflow.steps));
  const sent = steps.flatMap((step) => (step.kind === 'send' ? [step.email] : []));
  return new Set([...sent, ...Object.values(forms).flatMap(({ deliver }) => (deliver === undefined ? [] : [deliver]))]);
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

const byPlace = (a: Problem, b: Problem): number =>
  a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
