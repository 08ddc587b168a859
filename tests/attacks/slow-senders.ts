import type { HttpAttack } from './support/http-attack.ts';
import { problems, refused } from './support/verdicts.ts';

/**
 * Who begins a request and never ends it. That they are told so, in the end, is all that they get: the
 * limits are 10 s for the head and 15 s for all. The front door's own are longer, so a head that does not
 * end is only tried without it.
 */
export const slowSenders: (Omit<HttpAttack, 'frontDoor'> & Partial<HttpAttack>)[] = [
  { name: 'a first line without an end', bytes: () => 'POST /mess', direct: problems.timeout },
  {
    name: 'headers without an end',
    bytes: ({ request }) => request({ body: '' }).slice(0, -2),
    direct: problems.timeout,
  },
  {
    name: 'a body without an end',
    bytes: ({ request }) => request({ contentLength: '1000' }),
    direct: problems.timeout,
    frontDoor: problems.timeout,
  },
  {
    name: 'chunks without an end',
    bytes: ({ request }) =>
      request({
        contentLength: undefined,
        headers: [['Transfer-Encoding', 'chunked']],
        body: '1\r\n{\r\n',
      }),
    direct: problems.timeout,
    frontDoor: problems.timeout,
  },
  {
    name: 'a body without an end, without credentials',
    bytes: ({ request }) => request({ as: 'nobody', contentLength: '1000' }),
    direct: refused.missing,
    frontDoor: { page: 403 },
  },
];
