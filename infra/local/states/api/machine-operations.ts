/** CreateStateMachine, UpdateStateMachine, DeleteStateMachine, DescribeStateMachine and their kin. */
import * as z from 'zod';
import { AwsError } from '../../part.ts';
import type { Revision } from '../storage/machines.ts';
import type { Store } from '../storage/store.ts';
import { type Catalog, type Content, sameContent } from './catalog.ts';
import { Encryption, Logging, loggingText, TagList, Tracing, tracingText } from './configuration.ts';
import type { Operations } from './operation.ts';
import {
  checkName,
  noSuchExecution,
  pageOf,
  pageToken,
  paging,
  parseRequest,
  parseUnqualifiedArn,
  seconds,
} from './request.ts';

const Create = z.strictObject({
  name: z.string(),
  definition: z.string(),
  roleArn: z.string(),
  type: z.enum(['STANDARD', 'EXPRESS']).optional(),
  loggingConfiguration: Logging.optional(),
  tracingConfiguration: Tracing.optional(),
  encryptionConfiguration: Encryption.optional(),
  tags: TagList.optional(),
  publish: z.boolean().optional(),
  versionDescription: z.string().max(256).optional(),
});

const Update = z.strictObject({
  stateMachineArn: z.string(),
  definition: z.string().optional(),
  roleArn: z.string().optional(),
  loggingConfiguration: Logging.optional(),
  tracingConfiguration: Tracing.optional(),
  encryptionConfiguration: Encryption.optional(),
  publish: z.boolean().optional(),
  versionDescription: z.string().max(256).optional(),
});

const Named = z.strictObject({
  stateMachineArn: z.string(),
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

const Validate = z.strictObject({
  definition: z.string(),
  type: z.enum(['STANDARD', 'EXPRESS']).optional(),
  severity: z.enum(['ERROR', 'WARNING']).optional(),
  maxResults: z.int().min(0).max(100).optional(),
});

/** @param arnOf the ARN of a machine by its name */
export function machineOperations(store: Store, catalog: Catalog, arnOf: (name: string) => string): Operations {
  return {
    CreateStateMachine(input) {
      const request = parseRequest(Create, input);
      checkPublish(request);
      checkName(request.name);
      checkRole(request.roleArn);
      refuseExpress(request.type);
      catalog.check(request.definition);
      return store.transact(() => create(store, catalog, arnOf(request.name), request));
    },

    UpdateStateMachine(input) {
      const request = parseRequest(Update, input);
      checkPublish(request);
      const { definition, roleArn, loggingConfiguration, tracingConfiguration } = request;
      if (!definition && !roleArn && !loggingConfiguration && !tracingConfiguration) throw nothingToUpdate();
      const { machine: arn } = parseUnqualifiedArn(request.stateMachineArn);
      if (roleArn !== undefined) checkRole(roleArn);
      if (definition !== undefined) catalog.check(definition);
      return store.transact(() => {
        const machine = catalog.active(arn);
        const before = catalog.revision(machine);
        const revised = catalog.revise(machine, {
          definition: definition ?? before.definition,
          role: roleArn ?? before.role,
          logging: loggingConfiguration ? loggingText(loggingConfiguration) : before.logging,
          tracing: tracingConfiguration ? tracingText(tracingConfiguration) : before.tracing,
        });
        const { revision_id, updated } = catalog.revision(revised);
        const version = request.publish && catalog.publish(revised, request.versionDescription ?? null);
        return {
          updateDate: seconds(updated),
          ...(revision_id !== null && { revisionId: revision_id }),
          ...(version && { stateMachineVersionArn: `${arn}:${version.number}` }),
        };
      });
    },

    DeleteStateMachine(input) {
      const { machine: arn } = parseUnqualifiedArn(parseRequest(Named, input).stateMachineArn);
      const machine = store.machines.get(arn);
      if (machine && machine.status === 'ACTIVE') store.transact(() => catalog.delete(machine));
      return {};
    },

    DescribeStateMachine(input) {
      const { stateMachineArn } = parseRequest(Named, input);
      const { machine, version, revision } = catalog.find(stateMachineArn);
      return {
        stateMachineArn,
        name: machine.name,
        status: machine.status,
        type: 'STANDARD',
        creationDate: seconds(version ? version.created : machine.created),
        ...contentOf(revision),
        ...(version && version.description !== null && { description: version.description }),
      };
    },

    DescribeStateMachineForExecution(input) {
      const { executionArn } = parseRequest(
        z.strictObject({ executionArn: z.string(), includedData: Named.shape.includedData }),
        input,
      );
      const execution = store.executions.byArn(executionArn);
      const revision = execution && store.machines.revision(execution.revision);
      if (!execution || !revision) throw noSuchExecution(executionArn);
      const name = execution.machine.slice(execution.machine.lastIndexOf(':') + 1);
      return {
        stateMachineArn: execution.machine,
        name,
        updateDate: seconds(revision.updated),
        ...contentOf(revision),
      };
    },

    ListStateMachines(input) {
      const { limit, after = 0 } = pageOf(parseRequest(z.strictObject(paging), input));
      const all = store.machines.list();
      const stateMachines = all.slice(after, after + limit).map(({ arn, name, created }) => {
        return { stateMachineArn: arn, name, type: 'STANDARD', creationDate: seconds(created) };
      });
      return { stateMachines, ...(after + limit < all.length && { nextToken: pageToken(after + limit) }) };
    },

    ValidateStateMachineDefinition(input) {
      const { definition, maxResults } = parseRequest(Validate, input);
      const all = catalog.diagnose(definition);
      const diagnostics = all.slice(0, maxResults || 100);
      return { result: all.length > 0 ? 'FAIL' : 'OK', diagnostics, truncated: diagnostics.length < all.length };
    },
  };
}

/** AWS compares all but the role and the tags: an equal request gets the same answer. */
function create(store: Store, catalog: Catalog, arn: string, request: z.infer<typeof Create>) {
  const content: Content = {
    definition: request.definition,
    role: request.roleArn,
    logging: loggingText(request.loggingConfiguration),
    tracing: tracingText(request.tracingConfiguration),
  };
  const existing = store.machines.get(arn) && catalog.active(arn);
  if (existing && !sameContent({ ...catalog.revision(existing), role: content.role }, content)) {
    throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
  }
  const machine = existing ?? catalog.add(arn, request.name, content);
  if (!existing && request.tags) store.tags.put(arn, request.tags);
  const version = request.publish && catalog.publish(machine, request.versionDescription ?? null);
  return {
    stateMachineArn: arn,
    creationDate: seconds(machine.created),
    ...(version && { stateMachineVersionArn: `${arn}:${version.number}` }),
  };
}

function contentOf({ definition, role, logging, tracing, revision_id }: Revision) {
  return {
    definition,
    roleArn: role,
    loggingConfiguration: JSON.parse(logging),
    tracingConfiguration: JSON.parse(tracing),
    ...(revision_id !== null && { revisionId: revision_id }),
  };
}

function checkPublish({
  publish,
  versionDescription,
}: {
  publish?: boolean | undefined;
  versionDescription?: string | undefined;
}): void {
  if (versionDescription === undefined || publish) return;
  throw new AwsError('ValidationException', 'Version description can only be set when publish is true');
}

function checkRole(role: string): void {
  if (!/^arn:[^:]+:iam::[^:]*:role\/.+$/.test(role)) throw new AwsError('InvalidArn', `Invalid Role Arn: '${role}'`);
}

function refuseExpress(type: string | undefined): void {
  if (type !== 'EXPRESS') return;
  throw new AwsError('StateMachineTypeNotSupported', 'Express state machines are not supported by the local engine');
}

function nothingToUpdate(): AwsError {
  const message =
    'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified';
  return new AwsError('MissingRequiredParameter', message);
}
