/**
 * Checks a definition and compiles it. All faults are found, each with its place, as AWS lists them in
 * InvalidDefinition. Only JSONata mode is done; what the engine does not do is refused by name.
 */

import { isRecord } from '../json.ts';
import { compileChoice } from '../kinds/choice.ts';
import { compileFail } from '../kinds/fail.ts';
import { compileMap } from '../kinds/map.ts';
import { compileParallel } from '../kinds/parallel.ts';
import { compilePass } from '../kinds/pass.ts';
import { compileSucceed } from '../kinds/succeed.ts';
import { compileTask } from '../kinds/task.ts';
import { compileWait } from '../kinds/wait.ts';
import type { Resources } from '../resources/resource.ts';
import { type Diagnostic, MAX_SECONDS, note, number, type Part, partOf, requireFields, SCHEMA, text } from './field.ts';
import { checkFlow } from './flow.ts';
import { checkFields, checkStateFields, STATE_TYPES } from './known-fields.ts';
import type { Machine, Scope, State } from './machine.ts';
import { checkVariables } from './variables.ts';

/** AWS takes definitions of up to 1 MB. */
const DEFINITION_LIMIT = 1_048_576;
const NAME_LIMIT = 80;
const LANGUAGES = ['JSONPath', 'JSONata'];

export type Compiled = { machine: Machine; diagnostics: [] } | { machine: undefined; diagnostics: Diagnostic[] };

interface Work {
  resources: Resources;
  scopes: Map<string, Scope>;
  names: Set<string>;
  language: unknown;
}

/** @param definition JSON in the Amazon States Language */
export function compileMachine(definition: string, resources: Resources): Compiled {
  const diagnostics: Diagnostic[] = [];
  const root = parse(definition, diagnostics);
  if (!root) return { machine: undefined, diagnostics };
  requireFields(root, 'States', 'StartAt');
  checkFields(root, ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version']);
  checkLanguage(root);
  const version = text(root, 'Version');
  if (version !== undefined && version !== '1.0') note(root, 'Value should be one of the following: [1.0]', 'Version');
  const timeoutSeconds = number(root, 'TimeoutSeconds', { min: 1, max: MAX_SECONDS, whole: true });
  const work: Work = { resources, scopes: new Map(), names: new Set(), language: root.fields.QueryLanguage };
  compileScope(root, work);
  checkVariables(root);
  return diagnostics.length > 0
    ? { machine: undefined, diagnostics }
    : { machine: { scopes: work.scopes, timeoutSeconds }, diagnostics: [] };
}

function parse(definition: string, diagnostics: Diagnostic[]): Part | undefined {
  const fault = (code: string, message: string) => {
    diagnostics.push({ severity: 'ERROR', code, message, location: '/' });
    return undefined;
  };
  if (Buffer.byteLength(definition) > DEFINITION_LIMIT) return fault(SCHEMA, 'The definition is larger than 1 MB');
  try {
    const value: unknown = JSON.parse(definition);
    return isRecord(value)
      ? { fields: value, location: '', diagnostics }
      : fault(SCHEMA, 'Definition must be a valid JSON object');
  } catch (error) {
    return fault('INVALID_JSON_DESCRIPTION', error instanceof Error ? error.message : String(error));
  }
}

function checkLanguage(part: Part): void {
  const language = part.fields.QueryLanguage;
  if (language === undefined || LANGUAGES.includes(String(language))) return;
  note(part, `Value should be one of the following: [${LANGUAGES.join(', ')}]`, 'QueryLanguage');
}

/** Compiles the states of a scope and those within them; gives the path that the scope is known by. */
function compileScope(part: Part, work: Work): string {
  const path = part.location;
  if (path !== '') requireFields(part, 'States', 'StartAt');
  const container = part.fields.States === undefined ? undefined : partOf(part, part.fields.States, 'States');
  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(container?.fields ?? {})) {
    const state = partOf(part, value, `States/${name}`);
    const compiled = state && compileState(state, name, work);
    if (compiled) states.set(name, compiled);
  }
  const scope = { path, startAt: text(part, 'StartAt') ?? '', states };
  work.scopes.set(path, scope);
  const whole = states.size > 0 && states.size === Object.keys(container?.fields ?? {}).length;
  if (whole && part.fields.StartAt !== undefined) checkFlow(part, scope);
  if (container && Object.keys(container.fields).length === 0) note(part, 'At least one state is required', 'States');
  return path;
}

function compileState(part: Part, name: string, work: Work): State | undefined {
  checkName(part, name, work);
  requireFields(part, 'Type');
  const type = text(part, 'Type') ?? '';
  if (part.fields.Type !== undefined && !STATE_TYPES.includes(type)) {
    note(
      part,
      `State type '${type}' is not supported; it should be one of the following: [${STATE_TYPES.join(', ')}]`,
      'Type',
    );
    return undefined;
  }
  if (!checkStateLanguage(part, name, work)) return undefined;
  checkStateFields(part, type);
  return compileKind(part, name, type, work);
}

function checkName(part: Part, name: string, work: Work): void {
  if (name.length > NAME_LIMIT) note(part, `State name '${name}' is longer than ${NAME_LIMIT} characters`);
  if (work.names.has(name)) note(part, `State name '${name}' is used more than once`);
  work.names.add(name);
}

function checkStateLanguage(part: Part, name: string, work: Work): boolean {
  checkLanguage(part);
  const own = part.fields.QueryLanguage;
  if (own === 'JSONPath' && work.language === 'JSONata') {
    note(part, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    return false;
  }
  const language = own ?? work.language ?? 'JSONPath';
  if (language === 'JSONPath') {
    note(
      part,
      `The QueryLanguage of state '${name}' is 'JSONPath', which the local engine does not support; set it to 'JSONata'`,
      'QueryLanguage',
    );
    return false;
  }
  return true;
}

function compileKind(part: Part, name: string, type: string, work: Work): State | undefined {
  const addScope = (scope: Part) => compileScope(scope, work);
  switch (type) {
    case 'Pass':
      return compilePass(part, name);
    case 'Task':
      return compileTask(part, name, work.resources);
    case 'Choice':
      return compileChoice(part, name);
    case 'Wait':
      return compileWait(part, name);
    case 'Succeed':
      return compileSucceed(part, name);
    case 'Fail':
      return compileFail(part, name);
    case 'Parallel':
      return compileParallel(part, name, addScope);
    default:
      return compileMap(part, name, addScope);
  }
}
