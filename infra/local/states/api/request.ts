/** Reading requests: their shape, names, ARNs and pages. */
import * as z from 'zod';
import { AwsError } from '../../part.ts';

/** @throws AwsError ValidationException that names each member at fault; an unknown member is one */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `'${path.join('.')}': ${message}` : message,
  );
  throw new AwsError('ValidationException', `${faults.length} validation error detected: ${faults.join('; ')}`);
}

/** 1 to 80 characters; none of white space, `< > { } [ ] ? * " # % \ ^ | ~ $ & , ; : /`, backtick and control codes. */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

export function checkName(name: string): void {
  if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

export interface MachineReference {
  /** ARN without a version. */
  machine: string;
  name: string;
  /** Undefined for the machine itself. */
  version: number | undefined;
}

const MACHINE_ARN = /^(arn:[^:]+:states:[^:]+:[^:]+:stateMachine:([^:]+))(?::([^:]+))?$/;

/** @throws AwsError InvalidArn, or StateMachineDoesNotExist for an alias, which this engine has none of */
export function parseMachineArn(arn: string): MachineReference {
  if (!arn.startsWith('arn:')) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const [, machine, name, qualifier] = MACHINE_ARN.exec(arn) ?? [];
  if (!machine || !name)
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn}'`);
  if (qualifier === undefined) return { machine, name, version: undefined };
  if (!/^[1-9]\d*$/.test(qualifier)) throw noSuchMachine(arn);
  return { machine, name, version: Number(qualifier) };
}

/** @throws AwsError ValidationException when the ARN has a version */
export function parseUnqualifiedArn(arn: string): MachineReference {
  const reference = parseMachineArn(arn);
  if (reference.version === undefined) return reference;
  throw new AwsError('ValidationException', `A version ARN is not supported here: ${arn}`);
}

export function noSuchMachine(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

export function noSuchExecution(arn: string): AwsError {
  return new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** Members that all lists have. */
export const paging = {
  maxResults: z.int().min(0).max(1000).optional(),
  nextToken: z.string().optional(),
};

/** How many, and after which one; AWS takes 0 for its default of 100. */
export function pageOf({ maxResults, nextToken }: { maxResults?: number | undefined; nextToken?: string | undefined }) {
  return { limit: maxResults || 100, after: nextToken === undefined ? undefined : readToken(nextToken) };
}

export function pageToken(position: number): string {
  return Buffer.from(`p${position}`).toString('base64url');
}

function readToken(token: string): number {
  const position = /^p(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  return Number(position);
}

/** Times travel as seconds since the epoch (AWS JSON 1.0). */
export function seconds(at: number): number {
  return at / 1000;
}
