/** A copy of the sample definition with files added or replaced, for runs that need another one. */
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SAMPLE = join(import.meta.dirname, '..', '..', 'workflows');

/** @returns the folder of the copy. */
export function definitionCopy(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-definition-'));
  const code = ['compiler', 'plan', 'simulator'].map((name) => join(SAMPLE, name));
  cpSync(SAMPLE, folder, { recursive: true, filter: (source) => !code.some((one) => source.startsWith(one)) });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A form that starts a workflow of three mails, one after the other without a pause between them. */
export const threeMails = (): string =>
  definitionCopy({
    'forms/three.yaml': `form: three
conversion: newsletter
fields:
  email: { type: email, required: true }
  name: { type: text }
consent:
  marketing: { field: agree, text: { en: I agree., vi: Tôi đồng ý., th: ฉันยินยอม } }
origins: ["http://localhost:*"]
`,
    'nurture/three.yaml': `workflow: three
enrol: { on: form.submitted, where: { form: three } }
steps:
  - send: three-leaks
  - send: three-leaks-short
  - send: checklist
`,
  });
