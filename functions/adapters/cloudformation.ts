/** A custom resource of CloudFormation: its request, and the answer that it waits for at a signed URL. */
import * as z from 'zod/mini';

export const customResource = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.string(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({ hash: z.string() }),
});
export type CustomResource = z.infer<typeof customResource>;

/**
 * Tells CloudFormation how it went; without an answer a deployment hangs for an hour.
 * @param physicalId the same for ever: another one would make CloudFormation delete the one before.
 * @throws Error when the answer did not arrive: Lambda tries the whole request again.
 */
export async function answerStack(
  request: CustomResource,
  physicalId: string,
  result: { ok: true; data: Record<string, string> } | { ok: false; reason: string },
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const body = JSON.stringify({
    Status: result.ok ? 'SUCCESS' : 'FAILED',
    // The answer may hold 4 kB.
    Reason: result.ok ? 'published' : result.reason.slice(0, 1000),
    PhysicalResourceId: physicalId,
    StackId,
    RequestId,
    LogicalResourceId,
    ...(result.ok ? { Data: result.data } : {}),
  });
  // The signature of the URL covers an empty content type.
  const answer = await fetch(request.ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`CloudFormation answered ${answer.status}.`);
}
