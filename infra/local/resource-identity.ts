/**
 * What a resource is called: its physical name, what `Ref` gives and its attributes. As CloudFormation's reference has
 * it under "Return values" of each type, with the parts that AWS makes up made from the logical id instead, so that
 * they stay the same from start to start.
 */
import { createHash } from 'node:crypto';

export interface Place {
  stackName: string;
  region: string;
  account: string;
  /** What stands in front of paths in URLs; without a slash at the end. */
  baseUrl: string;
}

export interface Identity {
  name: string;
  ref: string;
  attributes: Record<string, string>;
}

interface Unnamed extends Place {
  logicalId: string;
  /** The text of a property, resolved; undefined where it is absent. */
  text(property: string): string | undefined;
}

type Identify = (of: Unnamed) => Identity;

/** Letters and digits that look like an id of AWS, from the logical id. */
const made = (of: Unnamed, length: number): string =>
  BigInt(`0x${createHash('sha256').update(`${of.stackName}/${of.logicalId}`).digest('hex')}`)
    .toString(36)
    .slice(0, length);

const arn = (of: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${of.region}:${of.account}:${resource}`;

/** `Ref` is the name; the ARN is built from it. */
const named =
  (property: string, service: string, resource: (name: string) => string, more: readonly string[] = []): Identify =>
  (of) => {
    const name = of.text(property) ?? `${of.stackName}-${of.logicalId}`;
    const attributes = { Arn: arn(of, service, resource(name)), ...Object.fromEntries(more.map((key) => [key, name])) };
    return { name, ref: name, attributes };
  };

/** `Ref` is the ARN. */
const byArn =
  (property: string, service: string, resource: (name: string) => string, attribute = 'Arn'): Identify =>
  (of) => {
    const name = of.text(property) ?? of.logicalId;
    const own = arn(of, service, resource(name));
    return { name, ref: own, attributes: { [attribute]: own, Name: name } };
  };

/** `Ref` is an id that AWS makes up. */
const byId =
  (length: number, attributes: (id: string, of: Unnamed) => Record<string, string> = () => ({})): Identify =>
  (of) => {
    const id = made(of, length);
    return { name: id, ref: id, attributes: attributes(id, of) };
  };

const role: Identify = (of) => {
  const name = of.text('RoleName') ?? `${of.stackName}-${of.logicalId}`;
  const attributes = { Arn: `arn:aws:iam::${of.account}:role/${name}`, RoleId: `AROA${made(of, 17).toUpperCase()}` };
  return { name, ref: name, attributes };
};

const queue: Identify = (of) => {
  const name = of.text('QueueName') ?? `${of.stackName}-${of.logicalId}`;
  const url = `${of.baseUrl}/${of.account}/${name}`;
  return { name, ref: url, attributes: { Arn: arn(of, 'sqs', name), QueueName: name, QueueUrl: url } };
};

const rule: Identify = (of) => {
  const name = of.text('Name') ?? `${of.stackName}-${of.logicalId}`;
  const bus = (of.text('EventBusName') ?? 'default').split('/').at(-1) ?? 'default';
  const path = bus === 'default' ? name : `${bus}/${name}`;
  return {
    name,
    ref: bus === 'default' ? name : `${bus}|${name}`,
    attributes: { Arn: arn(of, 'events', `rule/${path}`) },
  };
};

const schedule: Identify = (of) => {
  const name = of.text('Name') ?? `${of.stackName}-${of.logicalId}`;
  const path = `schedule/${of.text('GroupName') ?? 'default'}/${name}`;
  return { name, ref: name, attributes: { Arn: arn(of, 'scheduler', path) } };
};

const api: Identify = (of) => {
  const id = made(of, 10);
  return { name: of.text('Name') ?? id, ref: id, attributes: { ApiId: id, ApiEndpoint: of.baseUrl } };
};

const secret: Identify = (of) => {
  const name = of.text('Name') ?? `${of.stackName}-${of.logicalId}`;
  const own = arn(of, 'secretsmanager', `secret:${name}-${made(of, 6)}`);
  return { name, ref: own, attributes: { Id: own } };
};

const stateMachine: Identify = (of) => {
  const name = of.text('StateMachineName') ?? `${of.stackName}-${of.logicalId}`;
  const own = arn(of, 'states', `stateMachine:${name}`);
  return { name, ref: own, attributes: { Arn: own, Name: name, StateMachineRevisionId: 'INITIAL' } };
};

/** `Ref` of a version or an alias is the ARN of what it belongs to with a suffix. */
const suffixed =
  (property: string, suffix: (of: Unnamed) => string): Identify =>
  (of) => {
    const own = `${of.text(property) ?? ''}:${suffix(of)}`;
    return { name: suffix(of), ref: own, attributes: { Arn: own, Version: '1' } };
  };

const functionVersion: Identify = (of) => {
  const function_ = of.text('FunctionName') ?? '';
  const base = function_.startsWith('arn:') ? function_ : arn(of, 'lambda', `function:${function_}`);
  return {
    name: '$LATEST',
    ref: `${base}:$LATEST`,
    attributes: { Version: '$LATEST', FunctionArn: `${base}:$LATEST` },
  };
};

const userPool: Identify = (of) => {
  const id = `${of.region}_${made(of, 9)}`;
  const provider = `cognito-idp.${of.region}.amazonaws.com/${id}`;
  const attributes = {
    Arn: arn(of, 'cognito-idp', `userpool/${id}`),
    UserPoolId: id,
    ProviderName: provider,
    ProviderURL: `https://${provider}`,
  };
  return { name: id, ref: id, attributes };
};

/** A name and nothing else. */
const plain: Identify = (of) => ({ name: of.logicalId, ref: of.logicalId, attributes: {} });

const IDENTITIES: Record<string, Identify> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Authorizer': byId(6, (id) => ({ AuthorizerId: id })),
  'AWS::ApiGatewayV2::Integration': byId(7, (id) => ({ IntegrationId: id })),
  'AWS::ApiGatewayV2::Route': byId(7, (id) => ({ RouteId: id })),
  'AWS::ApiGatewayV2::Stage': (of) => {
    const name = of.text('StageName') ?? '$default';
    return { name, ref: name, attributes: {} };
  },
  'AWS::CloudWatch::Alarm': named('AlarmName', 'cloudwatch', (name) => `alarm:${name}`),
  'AWS::Cognito::UserPool': userPool,
  'AWS::Cognito::UserPoolClient': byId(26, (id) => ({ ClientId: id, Name: id })),
  'AWS::Cognito::UserPoolResourceServer': (of) => {
    const name = of.text('Identifier') ?? of.logicalId;
    return { name, ref: name, attributes: {} };
  },
  'AWS::DynamoDB::GlobalTable': named('TableName', 'dynamodb', (name) => `table/${name}`),
  'AWS::DynamoDB::Table': named('TableName', 'dynamodb', (name) => `table/${name}`),
  'AWS::Events::EventBus': named('Name', 'events', (name) => `event-bus/${name}`, ['Name']),
  'AWS::Events::Rule': rule,
  'AWS::IAM::Role': role,
  'AWS::KMS::Key': byId(32, (id, of) => ({ Arn: arn(of, 'kms', `key/${id}`), KeyId: id })),
  'AWS::Lambda::Alias': suffixed('FunctionName', (of) => of.text('Name') ?? 'live'),
  'AWS::Lambda::Function': named('FunctionName', 'lambda', (name) => `function:${name}`),
  'AWS::Lambda::Version': functionVersion,
  'AWS::Logs::LogGroup': named('LogGroupName', 'logs', (name) => `log-group:${name}:*`),
  'AWS::SES::ConfigurationSet': named('Name', 'ses', (name) => `configuration-set/${name}`),
  'AWS::SES::EmailIdentity': (of) => {
    const identity = of.text('EmailIdentity') ?? of.logicalId;
    const records = [1, 2, 3].flatMap((n) => [
      [`DkimDNSTokenName${n}`, `local${n}._domainkey.${identity}`],
      [`DkimDNSTokenValue${n}`, `local${n}.dkim.amazonses.com`],
    ]);
    return { name: identity, ref: identity, attributes: Object.fromEntries(records) };
  },
  'AWS::SNS::Topic': byArn('TopicName', 'sns', (name) => name, 'TopicArn'),
  'AWS::SQS::Queue': queue,
  'AWS::SSM::Parameter': (of) => {
    const name = of.text('Name') ?? of.logicalId;
    return { name, ref: name, attributes: { Type: 'String', Value: of.text('Value') ?? '' } };
  },
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': named('Name', 'scheduler', (name) => `schedule-group/${name}`),
  'AWS::SecretsManager::Secret': secret,
  'AWS::StepFunctions::StateMachine': stateMachine,
};

/** What a resource of this type is called. A type without a rule of its own has a name and no attributes. */
export function identify(type: string, of: Unnamed): Identity {
  return (IDENTITIES[type] ?? plain)(of);
}
