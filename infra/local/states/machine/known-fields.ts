/** Which fields each type of state has in JSONata mode; any other is refused by name, never ignored. */
import { note, type Part } from './field.ts';

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const FLOW = ['Next', 'End', 'Assign', 'Output'];
const RECOVERY = ['Retry', 'Catch'];

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...COMMON, ...FLOW],
  Task: [...COMMON, ...FLOW, ...RECOVERY, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Choice: [...COMMON, 'Choices', 'Default', 'Assign', 'Output'],
  Wait: [...COMMON, ...FLOW, 'Seconds', 'Timestamp'],
  Succeed: [...COMMON, 'Output'],
  Fail: [...COMMON, 'Error', 'Cause'],
  Parallel: [...COMMON, ...FLOW, ...RECOVERY, 'Branches', 'Arguments'],
  Map: [...COMMON, ...FLOW, ...RECOVERY, 'Items', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency'],
};

export const STATE_TYPES = Object.keys(FIELDS);

const JSONPATH_ONLY = new Set([
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'Result',
  'ItemsPath',
  'MaxConcurrencyPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'SecondsPath',
  'TimestampPath',
  'ErrorPath',
  'CausePath',
  'Variable',
]);

/** Fields that AWS has and this engine does not do. */
const ELSEWHERE = new Set([
  'Credentials',
  'Iterator',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
]);

/** Refuses the fields that a state of this type does not have. */
export function checkStateFields(part: Part, type: string): void {
  checkFields(part, FIELDS[type] ?? []);
}

export function checkFields(part: Part, known: readonly string[]): void {
  for (const field of Object.keys(part.fields)) {
    if (known.includes(field)) continue;
    if (JSONPATH_ONLY.has(field)) {
      note(
        part,
        `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`,
      );
    } else if (ELSEWHERE.has(field)) {
      note(part, `Field '${field}' is not supported by the local engine`, field);
    } else {
      note(part, `Field '${field}' is not supported`, field);
    }
  }
}
