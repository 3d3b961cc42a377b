/** What a target gets: the event, a part of it (`InputPath`), a constant (`Input`), or a template (`InputTransformer`). */
import { compilePath } from './path.ts';

/** An event as it is delivered, in the shape of AWS. */
export interface Envelope {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

/** The rule's own facts, which templates may name. `ingested` is ISO 8601. */
export interface Origin {
  ruleArn: string;
  ruleName: string;
  ingested: string;
}

export interface InputProperties {
  Input?: string | undefined;
  InputPath?: string | undefined;
  InputTransformer?: { InputPathsMap?: Record<string, string> | undefined; InputTemplate: string } | undefined;
}

/** Makes the text for a target: JSON for functions and state machines, any text for queues. */
export type TargetInput = (event: Envelope, origin: Origin) => string;

const reserved: Record<string, (event: Envelope, origin: Origin) => unknown> = {
  'aws.events.rule-arn': (_, origin) => origin.ruleArn,
  'aws.events.rule-name': (_, origin) => origin.ruleName,
  'aws.events.event.ingestion-time': (_, origin) => origin.ingested,
  'aws.events.event': ({ detail: _, ...event }) => event,
  'aws.events.event.json': (event) => event,
};

/** @throws Error when more than one of the three is given, or one of them is malformed. */
export function compileInput(properties: InputProperties): TargetInput {
  const { Input, InputPath, InputTransformer } = properties;
  const given = [Input, InputPath, InputTransformer].filter((each) => each !== undefined);
  if (given.length > 1) throw new Error('only one of Input, InputPath and InputTransformer may be given');
  if (Input !== undefined) return () => Input;
  if (InputTransformer) return compileTemplate(InputTransformer.InputTemplate, InputTransformer.InputPathsMap ?? {});
  const read = compilePath(InputPath ?? '$');
  return (event) => JSON.stringify(read(event) ?? null);
}

type Piece = string | { read: (event: Envelope, origin: Origin) => unknown; quoted: boolean };

function compileTemplate(template: string, paths: Record<string, string>): TargetInput {
  for (const name of Object.keys(paths))
    if (name.startsWith('aws.')) throw new Error(`InputPathsMap: "${name}" is a reserved name`);
  const variables = new Map<string, (event: Envelope, origin: Origin) => unknown>(Object.entries(reserved));
  for (const [name, path] of Object.entries(paths)) variables.set(name, compilePath(path));
  const pieces = parseTemplate(template, variables);
  return (event, origin) => pieces.map((piece) => fill(piece, event, origin)).join('');
}

/** Splits the template at `<name>`, and notes for each variable whether it stands inside a quoted string. */
function parseTemplate(
  template: string,
  variables: Map<string, (event: Envelope, origin: Origin) => unknown>,
): Piece[] {
  let quoted = false;
  return template.split(/(<[\w.-]+>)/).map((part) => {
    const name = /^<([\w.-]+)>$/.exec(part)?.[1];
    if (name === undefined) {
      for (const quote of part.matchAll(/\\.|"/gs)) if (quote[0] === '"') quoted = !quoted;
      return part;
    }
    const read = variables.get(name);
    if (!read) throw new Error(`InputTemplate names <${name}>, which InputPathsMap does not have`);
    return { read, quoted };
  });
}

/**
 * A missing value leaves nothing behind. Outside quotes a text gets its own quotes; inside, values stand unescaped and
 * objects lose their quotes: both are what EventBridge documents.
 */
function fill(piece: Piece, event: Envelope, origin: Origin): string {
  if (typeof piece === 'string') return piece;
  const value = piece.read(event, origin);
  if (value === undefined) return piece.quoted ? '' : '""';
  if (!piece.quoted) return JSON.stringify(value);
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
}
