import { describe, expect, test } from 'vitest';
import { readAssembly } from '../../../infra/local/assembly.ts';
import { type Template, temporaryFolder, writeAssembly } from './assembly-of.ts';

const read = (template: Template, bundles: Record<string, string> = {}) =>
  readAssembly(writeAssembly(temporaryFolder(), template, bundles), 'http://localhost:1');

describe('names', () => {
  const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'main' } };
  test.each([
    [
      { Type: 'AWS::Events::EventBus', Properties: { Name: 'b' } },
      'b',
      { Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/b', Name: 'b' },
    ],
    [
      { Type: 'AWS::DynamoDB::GlobalTable' },
      'Test-It',
      { Arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Test-It' },
    ],
    [
      { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
      'http://localhost:1/000000000000/q',
      { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', QueueName: 'q', QueueUrl: 'http://localhost:1/000000000000/q' },
    ],
    [
      { Type: 'AWS::Events::Rule', Properties: { Name: 'r' } },
      'r',
      { Arn: 'arn:aws:events:us-east-1:000000000000:rule/r' },
    ],
    [
      { Type: 'AWS::Events::Rule', Properties: { Name: 'r', EventBusName: { Ref: 'Bus' } } },
      'main|r',
      { Arn: 'arn:aws:events:us-east-1:000000000000:rule/main/r' },
    ],
    [
      { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'm' } },
      'arn:aws:states:us-east-1:000000000000:stateMachine:m',
      { Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m', Name: 'm' },
    ],
  ])('are those of CloudFormation: %j', (resource, ref, attributes) => {
    const found = read({ Resources: { Bus: bus, It: resource } }).resources.find(({ logicalId }) => logicalId === 'It');
    expect(found?.ref).toBe(ref);
    expect(found?.attributes).toMatchObject(attributes);
  });

  test('of the HTTP API lead to the engine, however the template puts its URL together', () => {
    const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } };
    const url = {
      'Fn::Join': [
        '',
        ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/'],
      ],
    };
    const { outputs } = read({
      Resources: { Api: api },
      Outputs: { Endpoint: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } }, Url: { Value: url } },
    });
    expect(outputs).toEqual({ Endpoint: 'http://localhost:1', Url: 'http://localhost:1/' });
  });
});

test('leaves out what means nothing on one machine, but knows its ARN', () => {
  const { resources } = read({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { Anything: { 'Fn::Unknown': 1 } } },
      Own: { Type: 'Custom::Anything', Properties: { ServiceToken: 'x' } },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'b', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    },
  });
  expect(resources).toMatchObject([
    { logicalId: 'Bus', properties: { Role: 'arn:aws:iam::000000000000:role/Test-Role' } },
  ]);
});

test('leaves out resources whose condition does not hold', () => {
  const { resources } = read({
    Conditions: { Never: { 'Fn::Equals': ['a', { Ref: 'Given' }] } },
    Parameters: { Given: { Type: 'String', Default: 'b' } },
    Resources: {
      One: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
      Two: { Type: 'AWS::SQS::Queue' },
    },
  });
  expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Two']);
});

test.each([
  [
    'a resource type',
    { Resources: { X: { Type: 'AWS::EC2::Instance' } } },
    'Resources.X: the local engine does not know the resource type AWS::EC2::Instance.',
  ],
  [
    'an attribute',
    { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { A: { 'Fn::GetAtt': ['Q', 'Colour'] } } } } },
    'Resources.Q.Properties.A: The local engine does not know the attribute Colour of Q (AWS::SQS::Queue).',
  ],
  [
    'a parameter without a default',
    {
      Parameters: { P: { Type: 'String' } },
      Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { A: { Ref: 'P' } } } },
    },
    'Resources.Q.Properties.A: The parameter P has no value that the local engine knows.',
  ],
])('names %s that it does not know', (_, template, message) => {
  expect(() => read(template)).toThrow(message);
});

test('finds the folder of an asset by its S3 key', () => {
  const assembly = read({ Resources: {} }, { one: '' });
  expect(assembly.asset('one.zip')).toMatch(/asset\.one$/);
  expect(() => assembly.asset('two.zip')).toThrow('holds no asset two.zip');
});
