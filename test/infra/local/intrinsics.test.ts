import { expect, test } from 'vitest';
import { holds, NO_VALUE, resolve, type Scope } from '../../../infra/local/intrinsics.ts';

const scope: Scope = {
  ref: (name) =>
    ({ Bus: 'main', 'AWS::Region': 'us-east-1', 'AWS::NoValue': NO_VALUE, Count: 3 })[name] ?? missing(name),
  attribute: (id, name) => (id === 'Bus' && name === 'Arn' ? 'arn:bus' : missing(`${id}.${name}`)),
  mapping: (map, first, second) => `${map}/${first}/${second}`,
  condition: (name) => name === 'Yes',
};

function missing(name: string): never {
  throw new Error(`nothing is named ${name}`);
}

test.each([
  ['a plain value', 'text', 'text'],
  ['a number', 7, 7],
  ['Ref', { Ref: 'Bus' }, 'main'],
  ['GetAtt as a list', { 'Fn::GetAtt': ['Bus', 'Arn'] }, 'arn:bus'],
  ['GetAtt as text', { 'Fn::GetAtt': 'Bus.Arn' }, 'arn:bus'],
  ['Sub', { 'Fn::Sub': '${AWS::Region}/${Bus}/${Bus.Arn}/${!Literal}' }, 'us-east-1/main/arn:bus/${Literal}'],
  ['Sub with variables', { 'Fn::Sub': ['${a}-${Bus}', { a: { Ref: 'Bus' } }] }, 'main-main'],
  ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Bus' }, { Ref: 'Count' }]] }, 'a-main-3'],
  ['Select', { 'Fn::Select': ['1', ['a', { Ref: 'Bus' }]] }, 'main'],
  ['Split', { 'Fn::Split': ['a', { Ref: 'Bus' }] }, ['m', 'in']],
  ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Bus', 'Arn'] }] }] }, 'bus'],
  ['FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'Bus' }, 'second'] }, 'Map/main/second'],
  ['If that holds', { 'Fn::If': ['Yes', { Ref: 'Bus' }, 'other'] }, 'main'],
  ['If that does not', { 'Fn::If': ['No', 'one', { Ref: 'Bus' }] }, 'main'],
  ['Base64', { 'Fn::Base64': { Ref: 'Bus' } }, 'bWFpbg=='],
  ['intrinsics anywhere below', { a: [{ b: { Ref: 'Bus' } }] }, { a: [{ b: 'main' }] }],
  ['a property without a value, left out', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  ['a list entry without a value, left out', [1, { 'Fn::If': ['No', 2, { Ref: 'AWS::NoValue' }] }], [1]],
  ['an object with a key like an intrinsic beside another', { Ref: 'Bus', other: 1 }, { Ref: 'Bus', other: 1 }],
])('resolves %s', (_, value, expected) => {
  expect(resolve(value, scope, 'here')).toEqual(expected);
});

test.each([
  [
    'an unknown intrinsic',
    { 'Fn::ImportValue': 'x' },
    'here: the local engine does not know the intrinsic function Fn::ImportValue.',
  ],
  ['an unknown name', { a: { Ref: 'Nobody' } }, 'here.a: nothing is named Nobody'],
  ['an unknown name in a Sub', { 'Fn::Sub': '${Nobody.Arn}' }, 'here: nothing is named Nobody.Arn'],
  ['an index outside of the list', { 'Fn::Select': [5, ['a']] }, 'here: Fn::Select found nothing at index 5.'],
  ['a Join of what is no text', { 'Fn::Join': ['', [{ a: 1 }]] }, 'here: Fn::Join takes a text, found {"a":1}.'],
  [
    'a dynamic reference',
    { a: '{{resolve:ssm:name}}' },
    'here.a: the local engine does not know the dynamic reference {{resolve:ssm:name}}.',
  ],
])('refuses %s and says where it stands', (_, value, message) => {
  expect(() => resolve(value, scope, 'here')).toThrow(message);
});

test.each([
  [{ 'Fn::Equals': [{ Ref: 'Bus' }, 'main'] }, true],
  [{ 'Fn::Equals': [{ Ref: 'Bus' }, 'other'] }, false],
  [{ 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] }, false],
  [{ 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
  [{ 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] }, true],
])('judges the condition %j as %s', (condition, expected) => {
  expect(holds(condition, scope, 'here')).toBe(expected);
});

test('refuses an unknown condition function by name', () => {
  expect(() => holds({ 'Fn::Contains': [] }, scope, 'here')).toThrow(
    'here: the local engine does not know the condition function Fn::Contains.',
  );
});
