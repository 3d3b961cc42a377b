/** `ripen versions`: what was published, when and by whom, and how many leads each version still has. */
import { Command } from 'commander';
import { jsonOption } from './options.ts';
import { findTarget, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  json?: true;
}

export interface ListedVersion {
  hash: string;
  /** It is the one in force. */
  inForce: boolean;
  /** Leads that are in the middle of one of its workflows. */
  leads: number;
  /** The oldest first. */
  publications: {
    publication: number;
    at: string;
    what: string;
    by?: string | undefined;
    about?: string | undefined;
  }[];
}

export const versionsCommand = (): Command => {
  const command = new Command('versions')
    .description('list what was published, mended and paused, and the leads that each version still has')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(async (options: Options) => {
    await findTarget(options);
    const versions = await listVersions();
    console.log(options.json ? JSON.stringify(versions, undefined, 2) : versionsText(versions));
  });
};

/** The newest last. The environment names the table (see `findTarget`). */
export async function listVersions(): Promise<ListedVersion[]> {
  const { currentPointer } = await import('../../functions/adapters/definitions.ts');
  const { publications, standingLeads } = await import('../../functions/adapters/publications.ts');
  const [pointer, all, standing] = await Promise.all([currentPointer(), publications(), standingLeads()]);
  const hashes = [...new Set([...all.map(({ hash }) => hash), ...standing.map(({ definition }) => definition)])];
  return hashes.map((hash) => ({
    hash,
    inForce: hash === pointer?.hash,
    leads: standing.filter(({ definition }) => definition === hash).reduce((sum, { leads }) => sum + leads, 0),
    publications: all.filter((one) => one.hash === hash).map(({ hash: _, ...rest }) => rest),
  }));
}

function versionsText(versions: ListedVersion[]): string {
  if (versions.length === 0) return 'Nothing has been published yet.';
  return versions
    .map(({ hash, inForce, leads, publications }) => {
      const head = `${hash.slice(0, 12)}  ${leads} lead${leads === 1 ? '' : 's'}${inForce ? '  in force' : ''}`;
      const lines = publications.map(
        ({ publication, at, what, by, about }) =>
          `  ${String(publication).padStart(4)}  ${at}  ${what}${about ? ` ${about}` : ''}${by ? ` (${by})` : ''}`,
      );
      return [head, ...lines].join('\n');
    })
    .join('\n');
}
