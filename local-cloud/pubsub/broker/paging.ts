import { invalidArgument } from '../../network/api-error.ts';

export interface PageRequest {
  /** 0 leaves it to the service. */
  pageSize: number;
  /** Empty for the first page. */
  pageToken: string;
}

export interface Page<T> {
  items: T[];
  /** Empty on the last page. */
  nextPageToken: string;
}

const defaultPageSize = 1000;
const maxPageSize = 1000;

/**
 * A page of `items`, ordered by name. The token is the last name of the page before, so that
 * creating and deleting between two pages neither repeats nor skips others. Throws INVALID_ARGUMENT.
 */
export function pageOf<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string,
  { pageSize, pageToken }: PageRequest,
): Page<T> {
  if (pageSize < 0) throw invalidArgument(`Invalid page_size: ${pageSize}.`);
  const size = Math.min(pageSize || defaultPageSize, maxPageSize);
  const after = decode(pageToken);
  const rest = [...items]
    .filter((item) => nameOf(item) > after)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const hasMore = rest.length > page.length && last !== undefined;
  return { items: page, nextPageToken: hasMore ? encode(nameOf(last)) : '' };
}

const encode = (name: string) => Buffer.from(`after ${name}`).toString('base64url');

function decode(token: string): string {
  if (token === '') return '';
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after ')) throw invalidArgument('Invalid page_token.');
  return text.slice('after '.length);
}
