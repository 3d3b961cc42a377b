/** The simulator and the state machines agree, step for step, on random workflows and random leads. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { formatProblems } from '../../../workflows/compiler/format.ts';
import { after } from '../../../workflows/simulator/deeds.ts';
import { live } from '../../../workflows/simulator/live.ts';
import { createChance } from '../../../workflows/simulator/random.ts';
import type { Entry } from '../../../workflows/simulator/run.ts';
import { simulated } from '../../../workflows/simulator/simulated.ts';
import { START } from '../../infra/local/states/world.ts';
import { filesOf } from '../compiler/folder.ts';
import { liveByMachines } from './machine-lives.ts';
import { randomPerson, randomWorkflow } from './random-lives.ts';

const WORKFLOWS = 60;
const LEADS = 10;
const seed = process.env.RIPEN_SEED ?? String(Date.now());

// Never due at the same instant as a step of a course: which of the two goes first, nobody promises.
const TAIL = JSON.stringify({
  workflow: 'digest',
  enrol: { again: 'always' },
  steps: [{ wait: '1531 minutes' }, { send: 'story' }],
});
/** Two looks at the site make a lead that is ready, and a consent waits for its confirmation. */
const CHANGES = [
  ['points: 2, cap: 16', 'points: 20, cap: 40'],
  ['field: agree', 'field: agree\n    doubleOptIn: true'],
] as const;
const files = [
  ...filesOf('invalid/base')
    .filter(({ path }) => !path.startsWith('nurture/'))
    .map(({ path, content }) => ({
      path,
      content: CHANGES.reduce((text, [from, to]) => text.replace(from, to), Buffer.from(content).toString()),
    })),
  { path: 'nurture/digest.yaml', content: TAIL },
  ...Array.from({ length: WORKFLOWS }, (_, nth) => ({
    path: `nurture/course-${nth}.yaml`,
    content: randomWorkflow(nth, createChance(seed, nth)),
  })),
];
// Chance also writes what the compiler rightly refuses: a branch that no lead can reach. Those courses are left out.
const refused = new Set(
  (await compile(files)).problems.flatMap(({ severity, file }) => (severity === 'error' ? [file] : [])),
);
const { definition, problems } = await compile(files.filter(({ path }) => !refused.has(path)));
if (!definition) throw new Error(`Seed ${seed}:\n${formatProblems(problems, files)}`);
const known = simulated(definition);

const start = new Date(START).toISOString();
const end = after(start, 60 * 86_400_000);

/** What happened, in the order of time; of the same instant in the order of the words, as neither promises another. */
const story = (entries: Entry[]): string[] => entries.map((entry) => `${entry.at} ${JSON.stringify(entry)}`).sort();

describe(`the simulator (RIPEN_SEED=${seed})`, () => {
  it(`tells of more than 500 lives what the state machines make of them`, { timeout: 120_000 }, async () => {
    const seen = new Set<string>();
    let pairs = 0;
    for (let course = 0; course < WORKFLOWS; course++) {
      const name = `course-${course}`;
      if (!definition.workflows[name]) continue;
      const machines = { [name]: definition.machines[name] ?? {}, digest: definition.machines.digest ?? {} };
      const people = Array.from({ length: LEADS }, (_, n) =>
        randomPerson(known, course, `${seed}-${course}-${n}`, start),
      );
      const byMachines = await liveByMachines(known, machines, people, end);
      pairs += people.length;
      for (const [n, person] of people.entries()) {
        const entries: Entry[] = [];
        live(known, person, end, (entry) => entries.push(entry));
        for (const { what } of entries) seen.add(what);
        expect(story(entries), `lead ${n} of ${name}`).toEqual(story(byMachines[n] ?? []));
      }
    }
    expect(pairs).toBeGreaterThanOrEqual(500);
    // The lives are worth comparing: everything that may happen did happen.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['ended', 'enrolled', 'event', 'handoff', 'held', 'mail', 'resumed', 'stage', 'step']),
    );
  });
});
