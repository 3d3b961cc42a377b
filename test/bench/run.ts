/**
 * `npm run bench [name …]`: measures, prints each figure, judges nothing. `--posts N` sets how many posts the form bench
 * makes (4,000 by default; 200,000 shows that the rate stays), `--events N` the same for the engagement bench,
 * which fills the log between its clicks.
 */
import { parseArgs } from 'node:util';
import { bundleSizes } from './bundles.ts';
import { checking } from './check.ts';
import { engagement } from './engagement.ts';
import { formPosts } from './forms.ts';
import { mailRate } from './mails.ts';
import { readiness } from './readiness.ts';
import { simulation } from './simulate.ts';

export type Figures = [what: string, figure: string][];

const BENCHES: Record<string, (options: { posts: number; events: number }) => Promise<Figures>> = {
  readiness,
  bundles: bundleSizes,
  forms: formPosts,
  mails: mailRate,
  check: checking,
  simulate: simulation,
  engagement,
};

const { values, positionals } = parseArgs({
  options: { posts: { type: 'string', default: '4000' }, events: { type: 'string', default: '4000' } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
for (const name of names) {
  const bench = BENCHES[name];
  if (!bench) throw new Error(`There is no bench ${name}: ${Object.keys(BENCHES).join(', ')}.`);
  console.log(`\n${name}`);
  for (const [what, figure] of await bench({ posts: Number(values.posts), events: Number(values.events) }))
    console.log(`  ${what.padEnd(62)}${figure}`);
}
