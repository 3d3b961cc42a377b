/** What was published, mended and paused, in order; and where leads stand in which version. */
import * as z from 'zod/mini';
import type { Email } from '../definition/settings.ts';
import type { Instant } from '../lead/event.ts';
import { PUBLICATION, pointerKey } from './definition-items.ts';
import { email, emailPart, manifest } from './definitions.ts';
import { queryAll, values } from './dynamo.ts';
import { leadsAtSteps } from './lists.ts';
import { workflowNames } from './publisher.ts';

const publicationShape = z.object({
  publication: z.number(),
  hash: z.string(),
  at: z.string(),
  what: z.enum(['published', 'paused', 'resumed', 'mended']),
  by: z.optional(z.string()),
  about: z.optional(z.string()),
});
export type Publication = z.infer<typeof publicationShape>;

/** All of them, the oldest first. */
export async function publications(): Promise<Publication[]> {
  const items = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: values({ ':pk': pointerKey.pk, ':prefix': PUBLICATION }),
    ConsistentRead: true,
  });
  return items.map((item) => z.parse(publicationShape, item.body));
}

export interface StandingLeads {
  workflow: string;
  definition: string;
  step: string;
  leads: number;
  /** Held there by a pause. */
  paused?: true;
}

/** How many leads stand where, in every workflow that was ever published, paused ones apart. */
export async function standingLeads(): Promise<StandingLeads[]> {
  const names = await workflowNames();
  const found = await Promise.all(
    names.flatMap((workflow) =>
      [false, true].map(async (paused) => {
        const counts = await leadsAtSteps(workflow, { paused });
        return Object.entries(counts).flatMap(([definition, steps]) =>
          Object.entries(steps).map(
            ([step, leads]): StandingLeads => ({
              workflow,
              definition,
              step,
              leads,
              ...(paused ? { paused } : {}),
            }),
          ),
        );
      }),
    ),
  );
  return found.flat();
}

const PART = /^email\/([^/]+)\/([^/@]+)$/;

/** All mails of a published definition as they are sent now. */
export async function publishedEmails(hash: string, now: Instant): Promise<Record<string, Record<string, Email>>> {
  const emails: Record<string, Record<string, Email>> = {};
  for (const part of (await manifest(hash))?.parts ?? []) {
    const [, name, language] = PART.exec(part) ?? [];
    if (name === undefined || language === undefined || part !== emailPart(name, language)) continue;
    emails[name] = { ...emails[name], [language]: await email(hash, name, language, now) };
  }
  return emails;
}
