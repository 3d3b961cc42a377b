/** EventBridge: the buses and rules of the template. An event is stored with its deliveries before it is answered. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type BusEntry, type Buses, type JsonService, type Parts } from '../part.ts';
import { parseResource, type Resource } from '../resource.ts';
import { inTransaction } from '../transaction.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';
import type { Envelope } from './input.ts';
import { compilePattern } from './pattern.ts';
import { checkPutEvents } from './put-events.ts';
import { busName, type Rule, readRule } from './rule.ts';

const BusProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  DeadLetterConfig: z.unknown().optional(),
  KmsKeyIdentifier: z.unknown().optional(),
  LogConfig: z.unknown().optional(),
  Policy: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

export interface BusPart extends Buses {
  service: JsonService;
  /** Goes on with the deliveries that an earlier run left behind. Call it once all parts are there. */
  resume(): void;
  /** The names of the buses, `default` first. */
  names: string[];
}

type PartsHere = Pick<Parts, 'db' | 'clock' | 'activity' | 'lambda' | 'region' | 'account'>;

/**
 * Makes the buses. Rules that only have a schedule are left to the schedules; the default bus always exists.
 * @param parts `lambda` is only touched when an event is delivered.
 * @throws Error that names the resource which cannot be understood.
 */
export function createBuses(
  parts: PartsHere,
  template: { buses: Resource[]; rules: Resource[] },
  delivery: Delivery,
): BusPart {
  const names = ['default', ...template.buses.map(readBus)];
  const rules = template.rules.map((each) => readRule(each, parts));
  const byBus = new Map<string, Rule[]>(names.map((name) => [name, []]));
  for (const rule of rules) addRule(byBus, rule);
  const deliveries = createDeliveries(parts, rules, delivery, (bus, event) => accept(busName(bus), event));

  function accept(bus: string, event: Envelope): void {
    const matched = byBus.get(bus)?.filter((rule) => rule.enabled && rule.matches?.(event) === true);
    if (!matched) delivery.warn(`An event for the bus ${bus}, which does not exist, was dropped, as EventBridge does`);
    if (!matched || matched.length === 0) return;
    const text = JSON.stringify(event);
    for (const rule of matched) for (const target of rule.targets) deliveries.add(event, text, rule, target);
  }

  function put(entries: BusEntry[]): string[] {
    return inTransaction(parts.db, () =>
      entries.map((entry) => {
        const event = envelope(entry, parts);
        accept(busName(entry.bus), event);
        return event.id;
      }),
    );
  }

  const operations = createOperations(names, byBus, put, parts);
  return {
    put,
    names,
    resume: deliveries.resume,
    service: {
      handle(operation, input) {
        const run = operations[operation];
        if (!run) throw new AwsError('UnknownOperationException', `The local EventBridge has no ${operation}`);
        return run(input);
      },
    },
  };
}

function readBus(resource: Resource): string {
  return parseResource('AWS::Events::EventBus', resource, BusProperties).Name;
}

function addRule(byBus: Map<string, Rule[]>, rule: Rule): void {
  if (rule.matches === undefined) {
    if (rule.schedule === undefined) throw new Error(`${rule.arn} has neither EventPattern nor ScheduleExpression`);
    return;
  }
  const rules = byBus.get(rule.bus);
  if (!rules) throw new Error(`${rule.arn}: the template has no event bus "${rule.bus}"`);
  rules.push(rule);
}

/** The envelope's time has whole seconds, as in AWS. */
function envelope(entry: BusEntry, parts: PartsHere): Envelope {
  const time = entry.time === undefined ? new Date(parts.clock.now()) : new Date(entry.time);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.detailType,
    source: entry.source,
    account: parts.account,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region: parts.region,
    resources: entry.resources ?? [],
    detail: entry.detail,
  };
}

const Named = z.object({
  Name: z.string().optional(),
  EventBusName: z.string().optional(),
  Rule: z.string().optional(),
});
const Sandbox = z.object({ EventPattern: z.string(), Event: z.string() });

function createOperations(
  names: string[],
  byBus: Map<string, Rule[]>,
  put: (entries: BusEntry[]) => string[],
  { region, account }: PartsHere,
): Record<string, (input: Record<string, unknown>) => unknown> {
  const describe = (name: string) => ({ Name: name, Arn: `arn:aws:events:${region}:${account}:event-bus/${name}` });
  const rulesOf = (input: Record<string, unknown>): Rule[] => {
    const bus = busName(Named.parse(input).EventBusName);
    const rules = byBus.get(bus);
    if (!rules) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    return rules;
  };
  return {
    PutEvents: (input) => putEvents(input, put),
    ListEventBuses: () => ({ EventBuses: names.map(describe) }),
    DescribeEventBus(input) {
      const name = busName(Named.parse(input).Name);
      if (!byBus.has(name)) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
      return describe(name);
    },
    ListRules: (input) => ({
      Rules: rulesOf(input).map((rule) => ({
        Name: rule.name,
        Arn: rule.arn,
        State: rule.enabled ? 'ENABLED' : 'DISABLED',
        EventBusName: rule.bus,
      })),
    }),
    ListTargetsByRule: (input) => ({
      Targets: rulesOf(input)
        .filter((rule) => rule.name === Named.parse(input).Rule)
        .flatMap((rule) => rule.targets.map((target) => ({ Id: target.id, Arn: target.arn }))),
    }),
    TestEventPattern: testEventPattern,
  };
}

function putEvents(input: Record<string, unknown>, put: (entries: BusEntry[]) => string[]): unknown {
  const checked = checkPutEvents(input);
  const ids = put(checked.flatMap((each) => ('entry' in each ? [each.entry] : [])));
  const Entries = checked.map((each) => ('entry' in each ? { EventId: ids.shift() } : each));
  return { FailedEntryCount: checked.filter((each) => !('entry' in each)).length, Entries };
}

function testEventPattern(input: Record<string, unknown>): unknown {
  const { EventPattern, Event } = Sandbox.parse(input);
  try {
    return { Result: compilePattern(EventPattern)(JSON.parse(Event)) };
  } catch (error) {
    throw new AwsError('InvalidEventPatternException', error instanceof Error ? error.message : String(error));
  }
}
