/** Message attributes and the MD5 sums that SDKs check. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

/** `BinaryValue` is base64, as in the JSON protocol. */
export const MessageAttributes = z.record(
  z.string(),
  z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
);
export type MessageAttributes = z.infer<typeof MessageAttributes>;

export const md5 = (data: string | Buffer): string => createHash('md5').update(data).digest('hex');

/**
 * The MD5 of message attributes: sorted by name, each as length and name, length and data type, one byte for the kind
 * of value, length and value. Source: "Calculating the MD5 message digest for message attributes" (SQS developer guide).
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const names = Object.keys(attributes).sort();
  return md5(Buffer.concat(names.flatMap((name) => encode(name, attributes[name]))));
}

function encode(name: string, attribute: MessageAttributes[string] | undefined): Buffer[] {
  if (!attribute) return [];
  const binary = attribute.BinaryValue !== undefined;
  const value = binary ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? '');
  return [
    ...sized(Buffer.from(name)),
    ...sized(Buffer.from(attribute.DataType)),
    Buffer.of(binary ? 2 : 1),
    ...sized(value),
  ];
}

function sized(data: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return [length, data];
}

/** The attributes that a receive asked for: by name, by `prefix.*`, or all of them. */
export function chosen(attributes: MessageAttributes, wanted: string[]): MessageAttributes {
  const asked = (name: string) =>
    wanted.some(
      (each) =>
        each === 'All' || each === '.*' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}
