/** `ripen simulate`: rehearses a definition in virtual time. Nothing is sent, and nothing has to run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { parse } from 'yaml';
import * as z from 'zod';
import type { CohortSpec } from '../../workflows/simulator/cohort.ts';
import { simulateCohort } from '../../workflows/simulator/cohort-threads.ts';
import { live } from '../../workflows/simulator/live.ts';
import { RatesFile, ratesWith } from '../../workflows/simulator/rates.ts';
import { reportOf, reportText } from '../../workflows/simulator/report.ts';
import { reportPage } from '../../workflows/simulator/report-page.ts';
import type { Entry } from '../../workflows/simulator/run.ts';
import { instantOf, ScenarioFile, scenarioOf, scenarioPerson } from '../../workflows/simulator/scenario.ts';
import { simulated } from '../../workflows/simulator/simulated.ts';
import { timelineLines, timelineText } from '../../workflows/simulator/timeline-text.ts';
import { checkedDefinition } from './checked.ts';
import { jsonOption, workflowsOption } from './options.ts';

interface Options {
  workflows: string;
  lead?: string;
  scenario?: string;
  form?: string;
  field: string[];
  start?: string;
  days: number;
  leads?: number;
  follow: number;
  rates?: string;
  seed: string;
  html?: string;
  json?: true;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a number of 1 or more.`);
  return value;
};
const DAY_MS = 86_400_000;

const SCENARIO = `
A scenario file:

  form: cash-flow-guide            # without it the first that enrols
  fields: { jobTitle: Director, country: VN }
  start: 2027-03-01T09:00+07:00
  does:
    - confirms on day 1
    - clicks everything on day 2
    - { event: webinar.attended, day: 8, data: { minutes: 45 } }
    - asks for a demo on day 9`;

export const simulateCommand = (): Command =>
  new Command('simulate')
    .description(
      'rehearse the workflows without sending: one lead by what it does, or a cohort by rates; the same seed gives the same result',
    )
    .addOption(workflowsOption())
    .option('--lead <words>', 'one lead: "opens nothing", "clicks everything on day 2", "asks for a demo on day 5"')
    .addOption(new Option('--scenario <file>', 'one lead, by a YAML file').conflicts('lead'))
    .option('--form <name>', 'the form that is sent (without it the first that enrols)')
    .option('--field <name=value>', 'a field of the one lead; may stand several times', collect, [])
    .option('--start <instant>', 'when it begins: 2027-03-01T09:00+07:00 (without it now)')
    .option('--days <number>', 'for so many days leads arrive', wholeNumber, 30)
    .option('--follow <number>', 'for so many days they are followed after that', wholeNumber, 30)
    .option('--leads <number>', 'how many leads arrive (without it by the rates)', wholeNumber)
    .option('--rates <file>', 'how people behave, as YAML: replaces the defaults')
    .option('--seed <text>', 'another seed is another crowd', '1')
    .option('--html <file>', 'write the report of a cohort as a page with plots')
    .addOption(jsonOption())
    .addHelpText('after', SCENARIO)
    .action(simulate);

function collect(value: string, before: string[]): string[] {
  if (!value.includes('=')) throw new Error(`${value} names no value: write it like country=VN.`);
  return [...before, value];
}

async function simulate(options: Options): Promise<void> {
  const definition = simulated(
    await checkedDefinition(options.workflows, 'Nothing was simulated: the definition has errors.'),
  );
  const start = options.start === undefined ? new Date().toISOString() : instantOf(options.start);
  if (options.lead !== undefined || options.scenario !== undefined) return one(options, definition, start);
  await cohort(options, definition, start);
}

type Definition = ReturnType<typeof simulated>;

function one(options: Options, definition: Definition, start: string): void {
  const fields = Object.fromEntries(
    options.field.map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  const file: ScenarioFile =
    options.scenario === undefined
      ? { does: [options.lead ?? ''], fields, ...(options.form === undefined ? {} : { form: options.form }) }
      : readYaml(options.scenario, ScenarioFile);
  const scenario = scenarioOf(file, start);
  const days = file.days ?? options.days + options.follow;
  const end = new Date(Date.parse(scenario.start) + days * DAY_MS).toISOString();
  const entries: Entry[] = [];
  live(definition, scenarioPerson(definition, scenario), end, (entry) => entries.push(entry));
  const lines = timelineLines(entries, definition);
  console.log(options.json ? JSON.stringify(lines, undefined, 2) : timelineText(lines));
}

async function cohort(options: Options, definition: Definition, start: string): Promise<void> {
  const rates = ratesWith(options.rates === undefined ? {} : readYaml(options.rates, RatesFile));
  const spec: CohortSpec = {
    leads: options.leads ?? Math.round(rates.arrivalsPerDay * options.days),
    arrivalDays: options.days,
    days: options.days + options.follow,
    start,
    seed: options.seed,
    form: options.form,
    rates,
  };
  const counts = await simulateCohort(definition, spec, { progress: progressBar(spec.leads) });
  const report = reportOf(definition, spec, counts);
  if (options.html !== undefined) writeFileSync(options.html, reportPage(report));
  console.log(options.json ? JSON.stringify(report, undefined, 2) : reportText(report));
}

/** @throws Error naming the file and what is wrong in it. */
function readYaml<T>(file: string, shape: z.ZodType<T>): T {
  const read = shape.safeParse(parse(readFileSync(file, 'utf8')) ?? {});
  if (read.success) return read.data;
  throw new Error(`${file}: ${z.prettifyError(read.error)}`);
}

const BAR = 30;

/** A bar where a person watches; nothing where nobody does. */
function progressBar(of: number): (done: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done) => {
    const full = Math.round((done / of) * BAR);
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
    process.stderr.write(
      `\r${bar} ${done.toLocaleString('en')} of ${of.toLocaleString('en')} leads${done >= of ? '\n' : ''}`,
    );
  };
}
