/** The folder's definition, for commands that cannot go on without one. */
import type { Definition } from '../../functions/definition/definition.ts';
import { formatProblems } from '../../workflows/compiler/format.ts';
import { checkFolder } from '../definition-folder.ts';

/**
 * Prints what is wrong. `deployed`: for a system whose mails people get, so that what the law asks for must be there.
 * @throws Error saying `otherwise` when the definition has errors.
 */
export async function checkedDefinition(
  workflows: string,
  otherwise: string,
  { deployed = false } = {},
): Promise<Definition> {
  const { definition, problems, files } = await checkFolder(workflows, { deployed });
  if (problems.length > 0) console.error(formatProblems(problems, files, { prefix: `${workflows}/` }));
  if (!definition) throw new Error(otherwise);
  return definition;
}
