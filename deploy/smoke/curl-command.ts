import { gcloudCommand } from '../gcloud.ts';
import { shellQuote } from '../shell-quote.ts';
import type { Request } from './call.ts';

/** The same request for a shell, ready to be copied; the token stays where it is. */
export function curlCommand(
  { url, body }: Pick<Request, 'url' | 'body'>,
  tokenArgs: readonly string[],
): string {
  const token = gcloudCommand(tokenArgs).replace(/ ?\\\n {2}/g, ' ');
  const json =
    body === undefined
      ? []
      : ["-H 'content-type: application/json'", `-d ${shellQuote(JSON.stringify(body))}`];
  return [`curl -H "Authorization: Bearer $(${token})"`, ...json, shellQuote(url)].join(' \\\n  ');
}
