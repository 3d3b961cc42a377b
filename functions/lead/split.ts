/** Which variant of a `split` a lead falls to: the same for ever, and as good as by chance over leads. */
import { createHash } from 'node:crypto';
import type { Step } from '../definition/workflow.ts';

type Split = Extract<Step, { kind: 'split' }>;
export type Variant = Split['variants'][number];

/** Parts of a percent, so that shares fall as exactly as they are written. */
const PARTS = 10_000;

/**
 * The variant of this lead at this step. Another step or another workflow deals anew.
 * @throws Error when the step has no variant.
 */
export const variantOf = (step: Split, leadId: string, workflow: string): Variant => {
  const digest = createHash('sha256')
    .update(JSON.stringify([leadId, workflow, step.id]))
    .digest();
  const place = digest.readUIntBE(0, 6) % PARTS;
  let end = 0;
  const found = step.variants.find(({ share }) => {
    end += (share * PARTS) / 100;
    return place < end;
  });
  const variant = found ?? step.variants.at(-1);
  if (!variant) throw new Error(`The split ${step.id} of ${workflow} has no variant.`);
  return variant;
};
