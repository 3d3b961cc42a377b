/** `lambda:invoke`, with and without a token. */
import { randomUUID } from 'node:crypto';
import { AwsError, type Lambda } from '../../part.ts';
import type { Failure } from '../failure.ts';
import { isRecord, type Json, toJson } from '../json.ts';
import { type Outcome, type Resource, runtimeFailure } from './resource.ts';

const ARN = 'arn:aws:states:::lambda:invoke';

export function lambdaInvoke(lambda: Lambda, waitsForToken: boolean): Resource {
  const suffix = waitsForToken ? '.waitForTaskToken' : '';
  return {
    arn: ARN + suffix,
    type: 'lambda',
    action: `invoke${suffix}`,
    waitsForToken,
    known: ['FunctionName', 'Payload'],
    required: ['FunctionName'],
    call: (input) => invoke(lambda, input),
  };
}

async function invoke(lambda: Lambda, input: Json): Promise<Outcome> {
  if (!isRecord(input) || typeof input.FunctionName !== 'string') {
    return runtimeFailure("The field 'FunctionName' is required but was missing or not a text");
  }
  const unknown = Object.keys(input).find((field) => field !== 'FunctionName' && field !== 'Payload');
  if (unknown !== undefined) return runtimeFailure(`The field '${unknown}' is not supported for ${ARN}`);
  try {
    const answer = await lambda.invoke(input.FunctionName, input.Payload ?? {});
    return answer.ok
      ? { ok: true, result: resultOf(answer.payload === undefined ? null : toJson(answer.payload)) }
      : { ok: false, failure: functionError(answer.error) };
  } catch (error) {
    return { ok: false, failure: serviceError(error) };
  }
}

/** The shape that the optimised integration gives a result. */
function resultOf(payload: Json): Json {
  return {
    ExecutedVersion: '$LATEST',
    Payload: payload,
    SdkHttpMetadata: { AllHttpHeaders: {}, HttpHeaders: {}, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: randomUUID() },
    StatusCode: 200,
  };
}

function functionError(error: { errorType: string; errorMessage: string; trace?: string[] }): Failure {
  const { errorType, errorMessage, trace = [] } = error;
  return { error: errorType, cause: JSON.stringify({ errorType, errorMessage, trace }) };
}

/** What the service itself answered, under the name that Step Functions gives it: `Lambda.…Exception`. */
function serviceError(error: unknown): Failure {
  if (!(error instanceof AwsError)) return { error: 'Lambda.SdkClientException', cause: String(error) };
  const name = error.code.endsWith('Exception') ? error.code : `${error.code}Exception`;
  const cause = `${error.message} (Service: AWSLambda; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${randomUUID()}; Proxy: null)`;
  return { error: `Lambda.${name}`, cause };
}
