import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compute, IdTokenClient } from 'google-auth-library';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runNode } from '../../tests/support/network.ts';
import { AdjustableClock } from '../clock.ts';
import { PolicyStore } from '../iam/policy-store.ts';
import { ServiceAccounts } from '../iam/service-accounts.ts';
import { CertificateAuthority } from '../network/certificate-authority.ts';
import { type ConnectProxy, startConnectProxy } from '../network/connect-proxy.ts';
import { HostRouter } from '../network/host-router.ts';
import { AccessTokens } from '../tokens/access-tokens.ts';
import {
  type CertificatesEndpoint,
  createCertificatesEndpoint,
} from '../tokens/certificates-endpoint.ts';
import { IdTokens } from '../tokens/id-tokens.ts';
import { SigningKeys } from '../tokens/signing-keys.ts';
import { type MetadataServer, startMetadataServer } from './start-metadata-server.ts';

const email = 'caller@demo-project.iam.gserviceaccount.com';
const audience = 'https://receiver-1.europe-west1.run.app';
const folder = mkdtempSync(join(tmpdir(), 'local-cloud-metadata-'));
const clock = new AdjustableClock();
const accessTokens = new AccessTokens(clock);
const accounts = new ServiceAccounts({ clock, policies: new PolicyStore({ clock }) });
accounts.seed('demo-project', email);
let metadata: MetadataServer;
let certificates: CertificatesEndpoint;
let proxy: ConnectProxy;

beforeAll(async () => {
  const keys = await SigningKeys.create(clock);
  metadata = await startMetadataServer({
    email,
    accounts,
    project: { id: 'demo-project', number: '123456789012' },
    region: 'europe-west1',
    idTokens: new IdTokens({ keys, clock }),
    accessTokens,
    keys,
    clock,
  });
  const authority = await CertificateAuthority.create({ clock });
  writeFileSync(join(folder, 'ca.pem'), authority.caPem);
  certificates = createCertificatesEndpoint({ keys, clock });
  const router = new HostRouter().add('www.googleapis.com', { http: certificates.handle });
  proxy = await startConnectProxy({ router, authority });
});

afterAll(async () => {
  await Promise.all([metadata.stop(), proxy.stop()]);
  rmSync(folder, { recursive: true });
});

test('google-auth-library gets both kinds of token', async () => {
  vi.stubEnv('GCE_METADATA_HOST', metadata.host);
  const compute = new Compute();
  const { token } = await compute.getAccessToken();
  expect(accessTokens.details(token ?? '')?.principal).toBe(`serviceAccount:${email}`);
  const client = new IdTokenClient({ targetAudience: audience, idTokenProvider: compute });
  const headers = await client.getRequestHeaders();
  const idToken = headers.get('authorization')?.replace('Bearer ', '') ?? '';
  expect(decodeJwt(idToken)).toMatchObject({ aud: audience, email, email_verified: true });
});

test('a program that knows only the environment finds its account, fetches a token and verifies it', async () => {
  const library = createRequire(import.meta.url).resolve('google-auth-library');
  const script = `
    import { GoogleAuth, OAuth2Client } from ${JSON.stringify(library)};
    const auth = new GoogleAuth();
    const client = await auth.getIdTokenClient('${audience}');
    const token = (await client.getRequestHeaders()).get('authorization').slice(7);
    const ticket = await new OAuth2Client().verifyIdToken({ idToken: token, audience: '${audience}' });
    const { client_email } = await auth.getCredentials();
    console.log(JSON.stringify([client_email, ticket.getPayload().email, await auth.getProjectId()]));`;
  const { stdout, stderr } = await runNode(script, {
    GCE_METADATA_HOST: metadata.host,
    HOME: folder,
    GOOGLE_CLOUD_PROJECT: 'demo-project',
    HTTPS_PROXY: proxy.url,
    https_proxy: proxy.url,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
  });
  expect(stdout, stderr).toBe(`${JSON.stringify([email, email, 'demo-project'])}\n`);
  expect(certificates.fetches).toBe(1);
});
