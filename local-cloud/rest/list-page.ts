import { invalidArgument } from '../network/api-error.ts';
import { type Page, pageOf } from '../pubsub/broker/paging.ts';

/** The query parameters of https://google.aip.dev/158 in JSON's spelling. */
const standardParameters = { size: 'pageSize', token: 'pageToken' };

/**
 * The page of `items` that the query of a list method asks for, ordered by name.
 *
 * @param parameters what the API calls size and token, where it does not follow AIP-158
 * @throws {ApiError} INVALID_ARGUMENT
 */
export function listPage<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string,
  query: URLSearchParams,
  parameters = standardParameters,
): Page<T> {
  const size = query.get(parameters.size) ?? '0';
  if (!/^\d{1,9}$/.test(size)) {
    throw invalidArgument(`Invalid value at '${parameters.size}': ${size}.`);
  }
  const pageToken = query.get(parameters.token) ?? '';
  return pageOf(items, nameOf, { pageSize: Number(size), pageToken });
}
