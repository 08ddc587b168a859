import { describe, expect, it } from 'vitest';
import { shellUnsets } from './environments.ts';
import { misleadingVariables, withoutMisleadingVariables } from './misleading-variables.ts';

describe('misleading are', () => {
  it.each([
    'CLOUDSDK_CONFIG',
    'CLOUDSDK_ACTIVE_CONFIG_NAME',
    'CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT',
    'CLOUDSDK_AUTH_ACCESS_TOKEN_FILE',
    'CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB',
    'CLOUDSDK_PYTHON_ARGS',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_OAUTH_ACCESS_TOKEN',
    'GCE_METADATA_ROOT',
    'HTTPS_PROXY',
    'http_proxy',
    'all_proxy',
    'grpc_proxy',
    'no_grpc_proxy',
    'PUBSUB_EMULATOR_HOST',
    'SSL_CERT_DIR',
    'REQUESTS_CA_BUNDLE',
    'NODE_EXTRA_CA_CERTS',
  ])('%s', (name) => {
    expect(misleadingVariables({ [name]: 'x' })).toEqual([name]);
  });

  it.each(['PATH', 'HOME', 'CLOUDSDK_PYTHON', 'MY_GOOGLE_KEY', 'TERM', 'https_proxy_of_mine'])(
    '%s is not',
    (name) => {
      expect(withoutMisleadingVariables({ [name]: 'x' })).toEqual({ [name]: 'x' });
    },
  );
});

it('unsets what is inherited and not set anew, and nothing that is no name', () => {
  const inherited = { GOOGLE_A: '1', GOOGLE_B: '2', HOME: '/', 'CLOUDSDK_X;reboot': '3' };
  expect(shellUnsets(inherited, { GOOGLE_B: '4' })).toBe('unset GOOGLE_A\n');
});
