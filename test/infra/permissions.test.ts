/** Each function may call what its code calls, and nothing more: the commands in its bundle against its role. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundling, lambdaNames } from '../../infra/bundle.ts';
import { Ripen } from '../../infra/stack.ts';

/** The actions that a command needs (service authorization reference). A transaction needs those of the writes in it. */
const ACTIONS: Record<string, string[]> = {
  'dynamodb/GetItem': ['dynamodb:GetItem'],
  'dynamodb/BatchGetItem': ['dynamodb:BatchGetItem'],
  'dynamodb/Query': ['dynamodb:Query'],
  'dynamodb/PutItem': ['dynamodb:PutItem'],
  'dynamodb/UpdateItem': ['dynamodb:UpdateItem'],
  'dynamodb/DeleteItem': ['dynamodb:DeleteItem'],
  'dynamodb/BatchWriteItem': ['dynamodb:BatchWriteItem'],
  'dynamodb/TransactWriteItems': [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ],
  // Bundled by the client for endpoint discovery, which is off.
  'dynamodb/DescribeEndpoints': [],
  'eventbridge/PutEvents': ['events:PutEvents'],
  'sesv2/SendEmail': ['ses:SendEmail'],
  'sesv2/GetAccount': ['ses:GetAccount'],
  'secrets-manager/GetSecretValue': ['secretsmanager:GetSecretValue'],
  'sfn/StartExecution': ['states:StartExecution'],
  'sfn/SendTaskSuccess': ['states:SendTaskSuccess'],
  'sfn/SendTaskFailure': ['states:SendTaskFailure'],
  'sfn/DescribeExecution': ['states:DescribeExecution'],
  'sfn/DescribeStateMachine': ['states:DescribeStateMachine'],
  'sfn/ListStateMachineVersions': ['states:ListStateMachineVersions'],
  'sfn/DeleteStateMachineVersion': ['states:DeleteStateMachineVersion'],
  // Creating hands the machines' role over, and tags.
  'sfn/CreateStateMachine': ['states:CreateStateMachine', 'iam:PassRole', 'states:TagResource'],
  'sfn/UpdateStateMachine': ['states:UpdateStateMachine', 'iam:PassRole'],
  'sfn/PublishStateMachineVersion': ['states:PublishStateMachineVersion'],
};
/** What every function has, and may have unasked: its log, its traces, its on-failure queue. */
const HOUSEHOLD = /^(logs|xray|sqs):/;

let folder: string;
let template: Template;
const called = new Map<string, string[]>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ripen-permissions-'));
  const { outputs } = buildSync({ ...bundling(folder, lambdaNames()), metafile: true, write: false }).metafile;
  for (const [file, { entryPoint, inputs }] of Object.entries(outputs)) {
    const name = /functions\/(.*)\.ts$/.exec(entryPoint ?? '')?.[1];
    if (name && !file.endsWith('.map')) called.set(name, commandsIn(inputs));
  }
  const bundles = Object.fromEntries(lambdaNames().map((name) => [name, emptyBundle(name)]));
  const app = new App({ outdir: join(folder, 'out') });
  template = Template.fromStack(new Ripen(app, 'Ripen', { bundles, senderDomain: 'mail.example.com' }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function emptyBundle(name: string): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'index.mjs'), 'export const handler = async () => {};');
  return join(folder, name);
}

/** The commands whose code is left after tree shaking. */
function commandsIn(inputs: Record<string, { bytesInOutput: number }>): string[] {
  return Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
    const command = /@aws-sdk\/client-([a-z0-9-]+)\/dist-es\/commands\/(\w+)Command\.js$/.exec(file);
    return command && bytesInOutput > 0 ? [`${command[1]}/${command[2]}`] : [];
  });
}

interface Statement {
  Action: string | string[];
}

/** All actions of the function's role, whatever the resource. */
function granted(name: string): string[] {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const lambda = functions.find(({ Properties }) => Properties.FunctionName === `Ripen-${name}`);
  const role: string = lambda?.Properties.Role['Fn::GetAtt'][0];
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some((one: { Ref?: string }) => one.Ref === role),
  );
  const statements: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return [...new Set(statements.flatMap(({ Action }) => Action))].filter((action) => !HOUSEHOLD.test(action)).sort();
}

describe('the role of', () => {
  it.each(lambdaNames())('%s allows what its code calls, and no more', (name) => {
    const commands = called.get(name) ?? [];
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => !ACTIONS[command])).toEqual([]);
    const needed = [...new Set(commands.flatMap((command) => ACTIONS[command] ?? []))].sort();
    expect(granted(name)).toEqual(needed);
  });
});
