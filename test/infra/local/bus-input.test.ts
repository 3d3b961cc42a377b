import { describe, expect, it } from 'vitest';
import { compileInput, type Envelope } from '../../../infra/local/bus/input.ts';

/** The event and the examples of "Amazon EventBridge input transformation". */
const event: Envelope = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '123456789012',
  time: '2015-11-11T21:29:54Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-1'],
  detail: { 'instance-id': 'i-0123456789', state: 'RUNNING', tags: { a: 'b' }, list: [{ n: 1 }, { n: 2 }] },
};
const origin = {
  ruleArn: 'arn:aws:events:us-east-1:1:rule/example',
  ruleName: 'example',
  ingested: '2015-11-11T21:30:00.000Z',
};
const paths = {
  timestamp: '$.time',
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  resource: '$.resources[0]',
  detail: '$.detail.tags',
  numbers: '$.detail.list[*].n',
  missing: '$.detail.nothing',
};
const transform = (InputTemplate: string) =>
  compileInput({ InputTransformer: { InputPathsMap: paths, InputTemplate } })(event, origin);

describe('an input transformer', () => {
  it.each([
    ['a text', '"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
    ['escaped quotes', '"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'],
    ['JSON', '{"instance": <instance>, "state": <state>}', '{"instance": "i-0123456789", "state": "RUNNING"}'],
    ['JSON with texts', '{"a": <instance>, "b": "<state>!"}', '{"a": "i-0123456789", "b": "RUNNING!"}'],
    ['constants', '{"state": [9, <state>, true]}', '{"state": [9, "RUNNING", true]}'],
    ['a list', '{"n": <numbers>}', '{"n": [1,2]}'],
    ['an object in a text loses its quotes', '"tags <detail>"', '"tags {a:b}"'],
    ['a missing value in a text', '"<missing>|<state>"', '"|RUNNING"'],
    ['a missing value', '{"a": <missing>}', '{"a": ""}'],
    [
      'the rule',
      '{"a": <aws.events.rule-arn>, "b": "<aws.events.rule-name>"}',
      '{"a": "arn:aws:events:us-east-1:1:rule/example", "b": "example"}',
    ],
    ['the time of arrival', '"<aws.events.event.ingestion-time>"', '"2015-11-11T21:30:00.000Z"'],
  ])('fills in %s', (_, template, expected) => {
    expect(transform(template)).toBe(expected);
  });

  it('fills in the whole event, with its detail or without', () => {
    const { detail, ...rest } = event;
    expect(JSON.parse(transform('{"e": <aws.events.event.json>}'))).toEqual({ e: event });
    expect(JSON.parse(transform('{"e": <aws.events.event>}'))).toEqual({ e: rest });
    expect(detail).toBeDefined();
  });

  it('refuses a variable that no path defines, and a reserved name', () => {
    expect(() => transform('"<unknown>"')).toThrow(/<unknown>/);
    expect(() =>
      compileInput({ InputTransformer: { InputPathsMap: { 'aws.x': '$.a' }, InputTemplate: '""' } }),
    ).toThrow(/reserved/);
  });
});

describe('the input of a target', () => {
  it('is the event, a part of it, or a constant', () => {
    expect(JSON.parse(compileInput({})(event, origin))).toEqual(event);
    expect(JSON.parse(compileInput({ InputPath: '$.detail' })(event, origin))).toEqual(event.detail);
    expect(compileInput({ Input: '{"a":1}' })(event, origin)).toBe('{"a":1}');
  });

  it('is not two of them', () => {
    expect(() => compileInput({ Input: '{}', InputPath: '$' })).toThrow(/only one/);
  });

  it('refuses a path that EventBridge does not read', () => {
    expect(() => compileInput({ InputPath: '$..detail' })).toThrow(/not a JSON path/);
    expect(() => compileInput({ InputPath: 'detail' })).toThrow(/not a JSON path/);
  });
});
