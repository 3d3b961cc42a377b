/** Tags of machines, kept as they were given. */
import type { DatabaseSync } from 'node:sqlite';
import { statement } from './statement.ts';

export interface Tag {
  key: string;
  value: string;
}

export interface Tags {
  list(arn: string): Tag[];
  put(arn: string, tags: readonly Tag[]): void;
  delete(arn: string, keys: readonly string[]): void;
}

export function createTags(db: DatabaseSync): Tags {
  const list = statement<Tag>(db, 'SELECT key, value FROM states_tags WHERE arn = :arn ORDER BY key');
  const put = statement(db, 'INSERT OR REPLACE INTO states_tags (arn, key, value) VALUES (:arn, :key, :value)');
  const remove = statement(db, 'DELETE FROM states_tags WHERE arn = :arn AND key = :key');
  return {
    list: (arn) => list.all({ arn }),
    put(arn, tags) {
      for (const { key, value } of tags) put.run({ arn, key, value });
    },
    delete(arn, keys) {
      for (const key of keys) remove.run({ arn, key });
    },
  };
}
