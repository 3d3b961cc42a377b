/** `ripen publish --fix emails/NAME`: a mistaken mail is replaced in every version that is running. */
import { z } from 'zod';
import { nearest } from '../../functions/lead/nearest.ts';
import { checkedDefinition } from './checked.ts';
import { confirm, isWatched } from './confirm.ts';
import type { PublishOptions } from './publish.ts';
import { findTarget, onAws } from './target.ts';
import { listVersions } from './versions.ts';

const Result = z.object({ publication: z.number(), versions: z.array(z.string()) });

/** @param mail `emails/NAME`, `emails/NAME.en.md`, or the name alone: every language of it is replaced. */
export async function fixMail(mail: string, options: PublishOptions): Promise<void> {
  const definition = await checkedDefinition(
    options.workflows,
    'Nothing was replaced: the definition has errors.',
    onAws(options),
  );
  const name = mail.replace(/^.*emails\//, '').replace(/\..*$/, '');
  const mails = definition.emails[name];
  if (!mails) {
    const near = nearest(name, Object.keys(definition.emails));
    throw new Error(`There is no mail ${name || mail} in the folder.${near ? ` Did you mean ${near}?` : ''}`);
  }
  const target = await findTarget(options);
  const running = (await listVersions()).filter(({ inForce, leads }) => inForce || leads > 0);
  const versions = running.map(({ hash }) => hash);
  if (!options.yes && !options.json && isWatched()) {
    const leads = running.reduce((sum, one) => sum + one.leads, 0);
    const question = `Replace ${name} in ${versions.length} versions with ${leads} leads?`;
    if (!(await confirm(question))) throw new Error('Nothing was replaced.');
  }
  const answer = await target.call('publish', { kind: 'mend', name, mails, versions, by: options.by });
  const result = Result.parse(answer);
  if (options.json) console.log(JSON.stringify(result));
  else {
    const where = result.versions.map((hash) => hash.slice(0, 12)).join(', ');
    console.log(`${name} is replaced in ${where} (publication ${result.publication}).`);
  }
}
