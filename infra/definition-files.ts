/** The files of a definition, from the disk. Apart from compiling them, which loads the compiler. */
import { readFolder, type SourceFile } from '../workflows/compiler/read-folder.ts';

/** The files of a folder. @throws Error naming the folder when it cannot be read. */
export function readDefinitionFolder(folder: string): Promise<SourceFile[]> {
  return readFolder(folder).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`Cannot read the definition folder ${folder}: ${error.code ?? error.message}.`);
  });
}
