/** What the events of a form's post say of the form. */
import type { Form } from '../definition/form.ts';
import type { Happening } from './event.ts';

/** What a `where` may ask of a submission, and of the conversion beside it. */
export const dataOf = (form: Form): Happening['data'] => ({
  form: form.name,
  conversion: form.conversion,
  ...(form.asset && { asset: form.asset.name }),
  ...(form.asset?.depth && { depth: form.asset.depth }),
  ...(form.asset?.problem && { problem: form.asset.problem }),
  ...(form.audience !== 'sales' && { audience: form.audience }),
});
