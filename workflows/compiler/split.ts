/** The `split` step: named variants with shares, and a hold-out that gets nothing. */
import type { Step } from '../../functions/definition/workflow.ts';
import { below, fail, type Spot } from './source.ts';
import type { VariantFile } from './step-shape.ts';

type Split = Omit<Extract<Step, { kind: 'split' }>, 'id' | 'title' | 'next'>;

/** The reason with which the enrolment of a hold-out ends, and the name under which it is counted. */
const HOLD_OUT = 'hold-out';

/** `go`: where the steps of each variant begin. */
export function compileSplit(files: VariantFile[], spot: Spot, go: (string | null)[]): Split {
  const seen = new Set<string>();
  const variants = files.map((file, index): Split['variants'][number] => {
    const name = 'variant' in file ? file.variant : HOLD_OUT;
    const at = below(spot, index, 'variant' in file ? 'variant' : 'holdOut');
    if (seen.has(name)) fail(at, `There are two variants \`${name}\`.`, { key: 'holdOut' in file });
    else if ('variant' in file && name === HOLD_OUT) {
      fail(at, 'A variant of this name would be taken for the hold-out.', { hint: 'Write `holdOut: 10`.' });
    }
    seen.add(name);
    if ('holdOut' in file) return { name, share: file.holdOut, holdOut: true, go: null };
    return { name, share: file.share, go: go[index] ?? null };
  });
  const sum = variants.reduce((total, { share }) => total + share, 0);
  if (sum !== 100) fail(spot, `The shares sum to ${sum}, and must to 100.`, { key: true });
  if (variants.every(({ holdOut }) => holdOut)) fail(spot, 'There is no variant: nobody would go on.', { key: true });
  return { kind: 'split', variants };
}
