/** AWS::SES::ConfigurationSet and its event destinations: which events of which mails go to the bus. */
import * as z from 'zod';
import { parseResource, type Resource } from '../resource.ts';

export const eventTypes = ['Send', 'Reject', 'Bounce', 'Complaint', 'Delivery', 'Open', 'Click'] as const;
export type EventType = (typeof eventTypes)[number];

export interface ConfigurationSet {
  name: string;
  sendingEnabled: boolean;
  /** Overrides the account's; absent: bounces and complaints. */
  suppressedReasons: ('BOUNCE' | 'COMPLAINT')[];
  /** The events that go to the default bus. */
  publishes: Set<string>;
}

const SetProperties = z.strictObject({
  Name: z.string().optional(),
  SendingOptions: z.strictObject({ SendingEnabled: z.boolean().optional() }).optional(),
  SuppressionOptions: z
    .looseObject({ SuppressedReasons: z.array(z.enum(['BOUNCE', 'COMPLAINT'])).optional() })
    .optional(),
  // Without an effect here: mails go to the inbox of this machine and nowhere else.
  ArchivingOptions: z.unknown().optional(),
  DeliveryOptions: z.unknown().optional(),
  ReputationOptions: z.unknown().optional(),
  TrackingOptions: z.unknown().optional(),
  VdmOptions: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

const types = z.enum([
  'send',
  'reject',
  'bounce',
  'complaint',
  'delivery',
  'open',
  'click',
  'renderingfailure',
  'deliverydelay',
  'subscription',
]);
const Destination = z.strictObject({
  ConfigurationSetName: z.string(),
  EventDestination: z.strictObject({
    Name: z.string().optional(),
    Enabled: z.boolean().default(true),
    // CloudFormation takes `renderingFailure` as well as the API's `RENDERING_FAILURE`.
    MatchingEventTypes: z.array(
      z
        .string()
        .transform((type) => type.replaceAll('_', '').toLowerCase())
        .pipe(types),
    ),
    EventBridgeDestination: z.strictObject({ EventBusArn: z.string() }),
  }),
});

/** @throws Error that names the resource: another kind of destination, or another bus than the default one. */
export function readConfigurationSets(sets: Resource[], destinations: Resource[]): Map<string, ConfigurationSet> {
  const byName = new Map(sets.map((each) => [each.name, readSet(each)]));
  for (const resource of destinations) {
    const type = 'AWS::SES::ConfigurationSetEventDestination';
    const { ConfigurationSetName, EventDestination } = parseResource(type, resource, Destination);
    const set = byName.get(ConfigurationSetName);
    if (!set) throw new Error(`${type} ${resource.logicalId}: there is no configuration set ${ConfigurationSetName}`);
    if (!EventDestination.EventBridgeDestination.EventBusArn.endsWith(':event-bus/default'))
      throw new Error(`${type} ${resource.logicalId}: only the default bus is supported`);
    if (EventDestination.Enabled) for (const each of EventDestination.MatchingEventTypes) set.publishes.add(each);
  }
  return byName;
}

export const publishes = (set: ConfigurationSet | undefined, type: EventType): boolean =>
  set?.publishes.has(type.toLowerCase()) === true;

function readSet(resource: Resource): ConfigurationSet {
  const properties = parseResource('AWS::SES::ConfigurationSet', resource, SetProperties);
  return {
    name: resource.name,
    sendingEnabled: properties.SendingOptions?.SendingEnabled !== false,
    suppressedReasons: properties.SuppressionOptions?.SuppressedReasons ?? ['BOUNCE', 'COMPLAINT'],
    publishes: new Set(),
  };
}
