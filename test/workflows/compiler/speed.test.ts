import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf } from './folder.ts';

const example = filesOf('valid/example');

/** Twelve mails in three languages, each sent by a workflow. */
function large() {
  const rest = example.filter(({ path }) => path !== 'nurture/quarterly-digest.yaml');
  const names = Array.from({ length: 12 }, (_, n) => `lesson-${n + 1}`);
  const body = Buffer.from(example.find(({ path }) => path.endsWith('three-leaks.en.md'))?.content ?? '').toString();
  const mails = names.flatMap((name) =>
    ['en', 'vi', 'th'].map((language) => ({ path: `emails/${name}.${language}.md`, content: body })),
  );
  const steps = names.map((name) => `  - wait: 7 days\n  - send: ${name}\n`).join('');
  const workflow = { path: 'nurture/quarterly-digest.yaml', content: `workflow: quarterly-digest\nsteps:\n${steps}` };
  return [...rest, ...mails, workflow];
}

/** Processor time in ms: other work on the machine does not count. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('compiling', () => {
  it('takes under 200 ms for the example without its mails', async () => {
    const files = example.filter(({ path }) => !path.startsWith('emails/'));
    await compile(files);
    const took = await processorTime(() => compile(files));
    console.log(`the example without mails: ${Math.round(took)} ms`);
    expect(took).toBeLessThan(200);
  });

  it('takes under 1.5 s for 12 mails in 3 languages, MJML loaded and all', async () => {
    const loaded = await processorTime(() => import('mjml'));
    const took = await processorTime(async () => {
      const { definition } = await compile(large());
      expect(Object.keys(definition?.emails ?? {})).toHaveLength(20);
    });
    console.log(`12 mails in 3 languages: ${Math.round(took)} ms, and ${Math.round(loaded)} ms to load MJML`);
    expect(took + loaded).toBeLessThan(1500);
  });
});
