/** An address that must not be mailed and has no lead: its hash and the no, which a lead of that address will inherit. */
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { EmailAddress } from '../lead/lead.ts';
import { type Outlives, outlivesItem } from './consent-items.ts';
import { dynamo, toItem, values } from './dynamo.ts';
import { claimAt } from './leads.ts';
import { emailKey } from './table.ts';

export type Kept =
  /** `known`: it was kept before. */
  { kind: 'kept' } | { kind: 'known' } | { kind: 'lead'; leadId: string };

/** Keeps the no of an address; what was kept before stays. Nothing is kept beside a lead: it is told instead. */
export async function keepNo(email: Pick<EmailAddress, 'key'>, no: Outlives): Promise<Kept> {
  if (await isNew(email, no)) return { kind: 'kept' };
  const claim = await claimAt(email);
  if (claim?.leadId !== undefined) return { kind: 'lead', leadId: claim.leadId };
  const isKnown = (!no.suppressed || claim?.suppressed) && (!no.stopped || claim?.stopped);
  if (isKnown) return { kind: 'known' };
  // A lead that is made of the address just now has read the item before: it is asked once more.
  return (await isAdded(email, no)) ? { kind: 'kept' } : keepNo(email, no);
}

const isNew = ({ key }: Pick<EmailAddress, 'key'>, no: Outlives): Promise<boolean> =>
  isDone(() =>
    dynamo.send(
      new PutItemCommand({
        TableName: env('table'),
        Item: toItem(outlivesItem(key, no)),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );

function isAdded({ key }: Pick<EmailAddress, 'key'>, no: Outlives): Promise<boolean> {
  const given = Object.entries(no).filter(([, value]) => value !== undefined);
  const sets = given.map(([name]) => `body.${name} = if_not_exists(body.${name}, :${name})`);
  return isDone(() =>
    dynamo.send(
      new UpdateItemCommand({
        TableName: env('table'),
        Key: toItem(emailKey(key)),
        UpdateExpression: `SET ${sets.join(', ')}`,
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(body.leadId)',
        ExpressionAttributeValues: values(Object.fromEntries(given.map(([name, value]) => [`:${name}`, value]))),
      }),
    ),
  );
}

async function isDone(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
