/** PublishStateMachineVersion, ListStateMachineVersions, DeleteStateMachineVersion. */
import * as z from 'zod';
import { AwsError } from '../../part.ts';
import type { Store } from '../storage/store.ts';
import type { Catalog } from './catalog.ts';
import type { Operations } from './operation.ts';
import {
  noSuchMachine,
  pageOf,
  pageToken,
  paging,
  parseMachineArn,
  parseRequest,
  parseUnqualifiedArn,
  seconds,
} from './request.ts';

const Publish = z.strictObject({
  stateMachineArn: z.string(),
  description: z.string().max(256).optional(),
  revisionId: z.string().optional(),
});

export function versionOperations(store: Store, catalog: Catalog): Operations {
  return {
    PublishStateMachineVersion(input) {
      const { stateMachineArn, description, revisionId } = parseRequest(Publish, input);
      const { machine: arn } = parseUnqualifiedArn(stateMachineArn);
      return store.transact(() => {
        const machine = catalog.active(arn);
        const current = catalog.revision(machine).revision_id ?? 'INITIAL';
        if (revisionId !== undefined && revisionId !== current) throw revisionConflict(revisionId, current);
        const version = catalog.publish(machine, description ?? null);
        return { creationDate: seconds(version.created), stateMachineVersionArn: `${arn}:${version.number}` };
      });
    },

    ListStateMachineVersions(input) {
      const { stateMachineArn, ...page } = parseRequest(
        z.strictObject({ stateMachineArn: z.string(), ...paging }),
        input,
      );
      const { machine: arn } = parseUnqualifiedArn(stateMachineArn);
      if (!store.machines.get(arn)) throw noSuchMachine(arn);
      const { limit, after = 0 } = pageOf(page);
      const all = store.machines.versions(arn);
      const stateMachineVersions = all.slice(after, after + limit).map(({ number, created }) => {
        return { stateMachineVersionArn: `${arn}:${number}`, creationDate: seconds(created) };
      });
      return { stateMachineVersions, ...(after + limit < all.length && { nextToken: pageToken(after + limit) }) };
    },

    DeleteStateMachineVersion(input) {
      const { stateMachineVersionArn } = parseRequest(z.strictObject({ stateMachineVersionArn: z.string() }), input);
      const { machine, version } = parseMachineArn(stateMachineVersionArn);
      if (version === undefined)
        throw new AwsError('InvalidArn', `Invalid Arn: 'Not a version: ${stateMachineVersionArn}'`);
      // An execution keeps its revision, so deleting the version it was started by does not touch it.
      store.machines.deleteVersion(machine, version);
      return {};
    },
  };
}

function revisionConflict(asked: string, current: string): AwsError {
  const message = `Failed to publish the State Machine version for revision ${asked}. The current State Machine revision is ${current}.`;
  return new AwsError('ConflictException', message);
}
