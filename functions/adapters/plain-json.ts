/** DynamoDB's protocol, without a walk through the schema of each request and answer. */
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import { collectBody, HttpRequest } from '@smithy/core/protocols';
import type {
  EndpointBearer,
  HandlerExecutionContext,
  HttpRequest as IHttpRequest,
  HttpResponse as IHttpResponse,
  MetadataBearer,
  OperationSchema,
  SerdeFunctions,
} from '@smithy/types';

/**
 * What the SDK calls an input or an output is, to the letter, what goes over the wire ("Low-level API" of DynamoDB's
 * developer guide), but for binary values, of which no item here has any. So JSON.stringify and JSON.parse do, at a third of
 * the SDK's cost for each call, what its schemas do. Errors are the SDK's matter, as ever. No `ClientRequestToken` is
 * made up: whoever wants one gives it.
 */
export class PlainJson extends AwsJson1_0Protocol {
  override async serializeRequest<Input extends object>(
    operation: OperationSchema,
    input: Input,
    context: HandlerExecutionContext & SerdeFunctions & EndpointBearer,
  ): Promise<IHttpRequest> {
    const request = new HttpRequest({
      method: 'POST',
      headers: {
        'content-type': this.getDefaultContentType(),
        'x-amz-target': `${this.serviceTarget}.${operation.name}`,
      },
      body: JSON.stringify(input),
    });
    return this.updateServiceEndpoint(request, await context.endpoint());
  }

  override async deserializeResponse<Output extends MetadataBearer>(
    operation: OperationSchema,
    context: HandlerExecutionContext & SerdeFunctions,
    response: IHttpResponse,
  ): Promise<Output> {
    if (this.isErrorResponse(response.statusCode)) return super.deserializeResponse(operation, context, response);
    const { buffer, byteOffset, byteLength } = await collectBody(response.body, context);
    const text = Buffer.from(buffer, byteOffset, byteLength).toString();
    return { ...JSON.parse(text || '{}'), $metadata: this.deserializeMetadata(response) };
  }
}
