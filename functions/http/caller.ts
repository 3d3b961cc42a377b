/** Who calls `/api`: what the authorizer read from the token of the call. */
import * as z from 'zod/mini';

const authorized = z.object({
  requestContext: z.object({
    authorizer: z.object({ jwt: z.object({ claims: z.record(z.string(), z.unknown()) }) }),
  }),
});

/** Who the token of the call says it is; `api` where there is none, as on this machine. */
export function whoCalls(event: unknown): string {
  const claims = authorized.safeParse(event).data?.requestContext.authorizer.jwt.claims ?? {};
  const named = [claims.email, claims.username, claims.client_id, claims.sub].find(
    (claim) => typeof claim === 'string',
  );
  return typeof named === 'string' ? named : 'api';
}
