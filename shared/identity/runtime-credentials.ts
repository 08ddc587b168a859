import { Compute } from 'google-auth-library';
import { withDeadline } from './deadline.ts';
import { dependencyDown } from './identity-error.ts';

/** The library waits for the metadata server without any limit when it runs on Cloud Run. */
const fetchDeadlineMs = 2_500;

/**
 * An access token is used until this close to its end, in milliseconds. The library's five minutes
 * would turn a short outage of the metadata server into failures while the token is still good; the
 * metadata server itself renews it five minutes before the end.
 */
const eagerRefreshThresholdMillis = 15_000;

/**
 * Access tokens of the account that this service runs as, for Google's APIs. They come from the
 * metadata server and from nowhere else: no key file that lies about is ever picked up. To be given
 * to a client library as its `authClient`.
 * https://cloud.google.com/run/docs/securing/service-identity#access_tokens
 *
 * `getAccessToken` throws {@link IdentityError} `metadata_unavailable` (503), at the latest after 2.5
 * seconds.
 */
export class RuntimeCredentials extends Compute {
  constructor() {
    super({ eagerRefreshThresholdMillis });
  }

  /**
   * The deadline is set here, and not around `getAccessToken`, because the library lets everybody
   * join a refresh that is under way: one that hangs would never be given up.
   */
  protected override async refreshTokenNoCache() {
    try {
      return await withDeadline(
        super.refreshTokenNoCache(),
        fetchDeadlineMs,
        () => new Error(`the metadata server did not answer within ${fetchDeadlineMs} ms`),
      );
    } catch (cause) {
      const message = 'The metadata server gives no access token at the moment. Try again.';
      throw dependencyDown('metadata_unavailable', message, cause);
    }
  }
}
