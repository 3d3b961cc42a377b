/** DynamoDB: the process that comes as a package, or the server that the environment names. */
import type { Assembly } from './assembly.ts';
import { startServer } from './dynamodb/process.ts';
import { makeTables } from './dynamodb/tables.ts';

export interface DynamoDb {
  url: string;
  close(): Promise<void>;
  /** Makes what is missing of the template's tables. Returns their names. */
  makeTables(assembly: Assembly): Promise<string[]>;
}

/** Has a server that answers when this resolves. @throws Error saying what to do where there is none for this machine. */
export async function startDynamoDb(dataDir: string, report: (line: string) => void): Promise<DynamoDb> {
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const server = given ? { url: given, close: () => Promise.resolve() } : await startServer(dataDir, report);
  return {
    url: server.url,
    close: () => server.close(),
    makeTables: (assembly) => makeTables(server.url, assembly),
  };
}
