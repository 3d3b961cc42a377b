/** Where an event goes that failed for good: a record of it to the on-failure destination, or itself to the dead-letter queue. */
import type { FunctionSpec } from './function-spec.ts';

/** Puts a message on a queue, by its ARN. */
export type SendMessage = (queueArn: string, body: string, attributes?: Record<string, string>) => void;

export interface Failed {
  /** Engine time, ms. */
  at: number;
  requestId: string;
  /** JSON. */
  request: string;
  /** Lambda's error payload, JSON. */
  response: string;
  attempts: number;
  condition: 'RetriesExhausted' | 'EventAgeExceeded';
}

/**
 * Sends the failed event to each place that its function names; false when it names none.
 * The record's shape: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function sendFailure({ arn, asynchronous }: FunctionSpec, failed: Failed, sendMessage: SendMessage): boolean {
  const { onFailure, deadLetter } = asynchronous;
  const response: unknown = JSON.parse(failed.response);
  if (onFailure) {
    const record = {
      version: '1.0',
      timestamp: new Date(failed.at).toISOString(),
      requestContext: {
        requestId: failed.requestId,
        functionArn: `${arn}:$LATEST`,
        condition: failed.condition,
        approximateInvokeCount: failed.attempts,
      },
      requestPayload: JSON.parse(failed.request),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: response,
    };
    sendMessage(onFailure, JSON.stringify(record));
  }
  if (deadLetter) {
    const said =
      typeof response === 'object' && response !== null && 'errorMessage' in response ? response.errorMessage : '';
    const attributes = { RequestID: failed.requestId, ErrorCode: '200', ErrorMessage: String(said).slice(0, 1024) };
    sendMessage(deadLetter, failed.request, attributes);
  }
  return onFailure !== undefined || deadLetter !== undefined;
}
