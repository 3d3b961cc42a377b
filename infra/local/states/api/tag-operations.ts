/** TagResource, UntagResource, ListTagsForResource: kept and told back. */
import * as z from 'zod';
import { AwsError } from '../../part.ts';
import type { Store } from '../storage/store.ts';
import { TagList } from './configuration.ts';
import type { Operations } from './operation.ts';
import { parseRequest } from './request.ts';

const resourceArn = z.string();

export function tagOperations(store: Store): Operations {
  const existing = (arn: string) => {
    if (!store.machines.get(arn)) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
    return arn;
  };
  return {
    TagResource(input) {
      const request = parseRequest(z.strictObject({ resourceArn, tags: TagList }), input);
      store.tags.put(existing(request.resourceArn), request.tags);
      return {};
    },
    UntagResource(input) {
      const request = parseRequest(z.strictObject({ resourceArn, tagKeys: z.array(z.string()) }), input);
      store.tags.delete(existing(request.resourceArn), request.tagKeys);
      return {};
    },
    ListTagsForResource(input) {
      const request = parseRequest(z.strictObject({ resourceArn }), input);
      return { tags: store.tags.list(existing(request.resourceArn)) };
    },
  };
}
