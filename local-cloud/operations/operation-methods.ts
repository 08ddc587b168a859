import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { listPage } from '../rest/list-page.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestCall, RestMethod } from '../rest/rest-api.ts';
import type { Operations } from './operations.ts';

const waitSchema = z.strictObject({
  timeout: z
    .string()
    .regex(/^\d{1,6}(?:\.\d{1,9})?s$/, 'must be a duration such as 30s')
    .optional(),
});

/** The longest that a client is kept waiting [I]. */
const longestWaitSeconds = 60;

/** `google.longrunning.Operations` of one API: https://google.aip.dev/151 */
export function operationMethods(
  { operations, clock }: { operations: Operations; clock: Clock },
  options: {
    /** The template of their parent, for example `/v2/projects/{project}/locations/{region}`. */
    parent: string;
    /** The same filled in; asks IAM for the verb. @throws {ApiError} */
    authorize(call: RestCall, verb: 'get' | 'list' | 'delete'): string;
  },
): RestMethod[] {
  const { parent, authorize } = options;
  const api = 'google.longrunning.Operations';
  const one = `${parent}/operations/{operation}`;
  const nameIn = (call: RestCall, verb: 'get' | 'delete') =>
    `${authorize(call, verb)}/operations/${call.params.operation}`;
  return [
    {
      name: `${api}.ListOperations`,
      verb: 'GET',
      path: `${parent}/operations`,
      handle: (call) => {
        const all = operations.list(authorize(call, 'list'));
        const { items, nextPageToken } = listPage(all, ({ name }) => name, call.query);
        return {
          ...(items.length > 0 && { operations: items }),
          ...(nextPageToken !== '' && { nextPageToken }),
        };
      },
    },
    {
      name: `${api}.GetOperation`,
      verb: 'GET',
      path: one,
      handle: (call) => operations.get(nameIn(call, 'get')),
    },
    {
      name: `${api}.WaitOperation`,
      verb: 'POST',
      path: `${one}:wait`,
      handle: async (call) => {
        const { timeout = `${longestWaitSeconds}s` } = parseBody(waitSchema, call.body);
        const seconds = Math.min(Number.parseFloat(timeout), longestWaitSeconds);
        const isOver = new Promise<void>((resolve) => {
          const timer = clock.after(seconds * 1000, resolve);
          call.onCancelled(() => {
            timer.cancel();
            resolve();
          });
        });
        return await operations.wait(nameIn(call, 'get'), isOver);
      },
    },
    {
      name: `${api}.DeleteOperation`,
      verb: 'DELETE',
      path: one,
      handle: (call) => {
        operations.delete(nameIn(call, 'delete'));
        return {};
      },
    },
  ];
}
