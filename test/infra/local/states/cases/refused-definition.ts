/** Definitions that are refused, and what the refusal says. */
import { invoke, jsonata, scope } from '../world.ts';

export const end = { Type: 'Pass', End: true };
const task = (more: object) => jsonata({ T: invoke('f', { End: true, ...more }) });
export const expression = (source: string) =>
  jsonata({ P: { Type: 'Pass', Output: { v: `{% ${source} %}` }, End: true } });
const map = (more: object) => jsonata({ M: { Type: 'Map', ItemProcessor: scope({ D: end }), End: true, ...more } });
const AT = 'SCHEMA_VALIDATION_FAILED: ';

/** A definition, and what the refusal says. */
export const REFUSED: [name: string, definition: object | string, message: string][] = [
  ['text that is no JSON', 'not a definition', 'INVALID_JSON_DESCRIPTION: '],
  ['JSON that is no object', '[]', `${AT}Definition must be a valid JSON object at /`],
  ['no States and no StartAt', { QueryLanguage: 'JSONata' }, `${AT}These fields are required: [States, StartAt] at /`],
  [
    'no query language at all',
    { StartAt: 'A', States: { A: end } },
    `${AT}The QueryLanguage of state 'A' is 'JSONPath', which the local engine does not support; set it to 'JSONata' at /States/A/QueryLanguage`,
  ],
  [
    'JSONPath for the whole machine',
    { QueryLanguage: 'JSONPath', StartAt: 'A', States: { A: end } },
    "state 'A' is 'JSONPath'",
  ],
  [
    'JSONPath in one state',
    jsonata({ A: { ...end, QueryLanguage: 'JSONPath' } }),
    `${AT}'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A`,
  ],
  [
    'a query language that does not exist',
    jsonata({ A: end }, { QueryLanguage: 'XPath' }),
    `${AT}Value should be one of the following: [JSONPath, JSONata] at /QueryLanguage`,
  ],
  [
    'a field of JSONPath',
    jsonata({ A: { ...end, InputPath: '$.a' } }),
    `${AT}The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A`,
  ],
  ['TimeoutSecondsPath, which CDK writes', task({ TimeoutSecondsPath: '{% $x %}' }), "field 'TimeoutSecondsPath'"],
  [
    'a field that nobody knows',
    jsonata({ A: { ...end, Colour: 'red' } }),
    `${AT}Field 'Colour' is not supported at /States/A/Colour`,
  ],
  [
    'an unknown field of the machine',
    jsonata({ A: end }, { Owner: 'me' }),
    `${AT}Field 'Owner' is not supported at /Owner`,
  ],
  ['a type that does not exist', jsonata({ A: { Type: 'Sleep', End: true } }), "State type 'Sleep' is not supported"],
  ['no type', jsonata({ A: { End: true } }), `${AT}These fields are required: [Type] at /States/A`],
  [
    'a resource that the engine does not call',
    jsonata({ A: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', End: true } }),
    `${AT}The resource 'arn:aws:states:::dynamodb:putItem' is not supported by the local engine at /States/A/Resource`,
  ],
  [
    'a function as resource',
    jsonata({ A: { Type: 'Task', Resource: 'arn:aws:lambda:eu-central-1:1:function:f', End: true } }),
    "The resource 'arn:aws:lambda",
  ],
  [
    'an argument that the service does not have',
    task({ Arguments: { FunctionName: 'f', Qualifier: '1' } }),
    `${AT}The field 'Qualifier' is not supported for arn:aws:states:::lambda:invoke at /States/T/Arguments/Qualifier`,
  ],
  [
    'arguments without a function',
    task({ Arguments: { Payload: {} } }),
    "The field 'FunctionName' is required but was missing at /States/T/Arguments",
  ],
  [
    'a heartbeat longer than the timeout',
    task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
    'HeartbeatSeconds must be smaller than TimeoutSeconds',
  ],
  [
    'a timeout of zero',
    task({ TimeoutSeconds: 0 }),
    `${AT}Expected an integer between 1 and 99999999 at /States/T/TimeoutSeconds`,
  ],
  [
    'a timeout as text',
    task({ TimeoutSeconds: '5' }),
    `${AT}Expected an integer between 1 and 99999999 at /States/T/TimeoutSeconds`,
  ],
  ['neither Next nor End', jsonata({ A: { Type: 'Pass' } }), "One of 'Next' and 'End' is required at /States/A"],
  ['both Next and End', jsonata({ A: { ...end, Next: 'B' }, B: end }), "Only one of 'Next' and 'End' may be set"],
  [
    'a Next that leads nowhere',
    jsonata({ A: { Type: 'Pass', Next: 'B' } }),
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
  ],
  [
    'a Catch that leads nowhere',
    task({ Catch: [{ ErrorEquals: ['E'], Next: 'B' }] }),
    "Missing 'Next' target: B at /States/T/Catch[0]/Next",
  ],
  [
    'a StartAt that leads nowhere',
    { QueryLanguage: 'JSONata', StartAt: 'B', States: { A: end } },
    "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt",
  ],
  [
    'a state that nobody reaches',
    jsonata({ A: end, B: end }),
    'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
  ],
  [
    'a machine that never ends',
    jsonata({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
    'MISSING_END_STATE: ',
  ],
  [
    'one name twice',
    jsonata({ P: { Type: 'Parallel', Branches: [scope({ P: end })], End: true } }),
    "State name 'P' is used more than once",
  ],
  ['a name of 81 characters', jsonata({ ['n'.repeat(81)]: end }), 'is longer than 80 characters'],
  [
    'a Wait without an end',
    jsonata({ W: { Type: 'Wait', End: true } }),
    "Exactly one of 'Seconds' and 'Timestamp' is required",
  ],
  [
    'a Wait with two ends',
    jsonata({ W: { Type: 'Wait', Seconds: 1, Timestamp: '2027-01-01T00:00:00Z', End: true } }),
    "Exactly one of 'Seconds' and 'Timestamp' is required",
  ],
  [
    'a timestamp without a zone',
    jsonata({ W: { Type: 'Wait', Timestamp: '2027-01-01T00:00:00', End: true } }),
    'Timestamp must be an ISO 8601 date-time with a zone',
  ],
  [
    'a Choice without rules',
    jsonata({ C: { Type: 'Choice', Choices: [], Default: 'A' }, A: end }),
    'Expected a non-empty value of type [ARRAY] at /States/C/Choices',
  ],
  [
    'a rule in JSONPath',
    jsonata({ C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'A' }] }, A: end }),
    "field 'Variable'",
  ],
  [
    'a condition that is no expression',
    jsonata({ C: { Type: 'Choice', Choices: [{ Condition: '$x', Next: 'A' }] }, A: end }),
    'Condition must be a JSONata expression',
  ],
  [
    'a rule and its Choice that contradict each other',
    jsonata({
      C: { Type: 'Choice', Assign: { v: 1 }, Choices: [{ Condition: '{% true %}', Assign: { v: 2 }, Next: 'A' }] },
      A: end,
    }),
    "Field 'Assign/v' says something else in the Choice state itself at /States/C/Choices[0]/Assign/v",
  ],
  [
    'a tolerated failure',
    map({ ToleratedFailureCount: 1 }),
    `${AT}Field 'ToleratedFailureCount' is not supported by the local engine at /States/M/ToleratedFailureCount`,
  ],
  [
    'a distributed Map',
    map({ ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, ...scope({ D: end }) } }),
    "The mode 'DISTRIBUTED' is not supported by the local engine at /States/M/ItemProcessor/ProcessorConfig/Mode",
  ],
  ['an ItemReader', map({ ItemReader: {} }), "Field 'ItemReader' is not supported by the local engine"],
  [
    'a Map without a processor',
    jsonata({ M: { Type: 'Map', End: true } }),
    'These fields are required: [ItemProcessor] at /States/M',
  ],
  [
    'a query language within a branch',
    jsonata({ P: { Type: 'Parallel', Branches: [{ ...scope({ A: end }), QueryLanguage: 'JSONata' }], End: true } }),
    "Field 'QueryLanguage' is not supported at /States/P/Branches[0]/QueryLanguage",
  ],
  [
    'an inner variable with an outer name',
    jsonata({
      A: { Type: 'Pass', Assign: { v: 1 }, Next: 'P' },
      P: { Type: 'Parallel', Branches: [scope({ B: { ...end, Assign: { v: 2 } } })], End: true },
    }),
    "Variable 'v' is already assigned in an outer scope at /States/P/Branches[0]/States/B/Assign/v",
  ],
  ['the variable states', jsonata({ A: { ...end, Assign: { states: 1 } } }), "The variable name 'states' is reserved"],
  ['part of a variable', jsonata({ A: { ...end, Assign: { 'x.y': 1 } } }), "'x.y' is not a valid variable name"],
  [
    'Retry without a name',
    task({ Retry: [{ IntervalSeconds: 1 }] }),
    'These fields are required: [ErrorEquals] at /States/T/Retry[0]',
  ],
  [
    'Retry with States.ALL beside another',
    task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }),
    'States.ALL must appear alone and at the end of the list',
  ],
  [
    'Catch with States.ALL before another',
    jsonata({
      T: invoke('f', {
        End: true,
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'Z' },
          { ErrorEquals: ['E'], Next: 'Z' },
        ],
      }),
      Z: end,
    }),
    'States.ALL must appear alone and at the end of the list',
  ],
  [
    'Retry with a field of its own',
    task({ Retry: [{ ErrorEquals: ['E'], MaxAttemps: 3 }] }),
    "Field 'MaxAttemps' is not supported at /States/T/Retry[0]/MaxAttemps",
  ],
  [
    'a backoff below one',
    task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] }),
    'Expected a number between 1 and',
  ],
  [
    'another jitter',
    task({ Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'SOME' }] }),
    'Value should be one of the following: [FULL, NONE]',
  ],
  ['Catch on a Pass', jsonata({ A: { ...end, Catch: [] } }), "Field 'Catch' is not supported at /States/A/Catch"],
  ['an expression that does not parse', expression('a[1,2)'), 'INVALID_JSONATA_EXPRESSION: '],
  [
    'a half expression',
    jsonata({ A: { ...end, Output: '{% 1' } }),
    "The value must start with '{%' and end with '%}' to be an expression at /States/A/Output",
  ],
  [
    'a name at the top level',
    expression('phone'),
    "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/P/Output/v",
  ],
  [
    'a name at the top level of a lambda',
    expression('$map($states.input.a, function($x){ b })'),
    "Reference to 'b' at the top level is not supported.",
  ],
  ['$ at the top level', expression('$.phone'), "Reference to '$' at the top level is not supported."],
  ['$$', expression('$$.phone'), "Reference to '$$' is not supported."],
  ['$eval', expression("$eval('1')"), "Function 'eval' is not supported"],
  [
    '$states.result where there is none',
    expression('$states.result'),
    "Reference to '$states.result' is not supported in this field.",
  ],
  [
    '$states.result in arguments',
    task({ Arguments: { FunctionName: 'f', Payload: '{% $states.result.x %}' } }),
    "Reference to '$states.result' is not supported in this field. at /States/T/Arguments/Payload",
  ],
  [
    '$states.errorOutput outside a catcher',
    task({ Output: '{% $states.errorOutput %}' }),
    "Reference to '$states.errorOutput' is not supported in this field.",
  ],
];
