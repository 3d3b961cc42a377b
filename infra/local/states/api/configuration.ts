/** Logging, tracing and tags: kept and told back, as far as a local run has a use for them. */
import * as z from 'zod';
import { isRecord } from '../json.ts';

export const Logging = z.strictObject({
  level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).default('OFF'),
  includeExecutionData: z.boolean().default(false),
  destinations: z
    .array(z.strictObject({ cloudWatchLogsLogGroup: z.strictObject({ logGroupArn: z.string() }) }))
    .optional(),
});

export const Tracing = z.strictObject({ enabled: z.boolean().default(false) });

export const TagList = z.array(z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256) }));

/** The only key that a local run has. */
export const Encryption = z.strictObject({
  type: z.literal('AWS_OWNED_KEY'),
  kmsKeyId: z.undefined().optional(),
  kmsDataKeyReusePeriodSeconds: z.int().optional(),
});

/** CloudFormation writes the API's members with a capital first letter. */
export function apiNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(apiNames);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [
    key.charAt(0).toLowerCase() + key.slice(1),
    apiNames(member),
  ]);
  return Object.fromEntries(members);
}

/** The JSON that is stored; without a value, AWS's default. */
export function loggingText(logging: z.infer<typeof Logging> | undefined): string {
  return JSON.stringify(logging ?? { level: 'OFF', includeExecutionData: false });
}

export function tracingText(tracing: z.infer<typeof Tracing> | undefined): string {
  return JSON.stringify(tracing ?? { enabled: false });
}
