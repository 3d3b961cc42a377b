import { AwsError } from '../part.ts';

/** What SES v2 answers to a request that is not valid. */
export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
