import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it, test } from 'vitest';
import { AdjustableClock } from '../clock.ts';
import { CertificateAuthority } from './certificate-authority.ts';

const hour = 3_600_000;

test('the CA says what it is and may issue leaf certificates', async () => {
  const ca = new X509Certificate(
    (await CertificateAuthority.create({ clock: new AdjustableClock() })).caPem,
  );
  expect(ca.subject).toBe('CN=Local cloud CA (not Google)\nO=local-cloud');
  expect(ca.ca).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
});

test('a leaf is issued by the CA for exactly its host, with its own key', async () => {
  const authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
  const ca = new X509Certificate(authority.caPem);
  const { cert, key } = await authority.certificateFor('receiver-123.europe-west1.run.app');
  const leaf = new X509Certificate(cert);
  expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.subjectAltName).toBe('DNS:receiver-123.europe-west1.run.app');
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(leaf.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(leaf.checkHost('receiver-124.europe-west1.run.app')).toBeUndefined();
});

test('certificates are cached per host and never share a serial number', async () => {
  const authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
  const first = await authority.certificateFor('a.run.app');
  expect(await authority.certificateFor('a.run.app')).toBe(first);
  const other = await authority.certificateFor('b.run.app');
  expect(new X509Certificate(other.cert).serialNumber).not.toBe(
    new X509Certificate(first.cert).serialNumber,
  );
});

test('the cache is bounded and drops what was not used for longest', async () => {
  const authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
  const often = await authority.certificateFor('often.run.app');
  const once = await authority.certificateFor('once.run.app');
  for (let i = 0; i < 199; i += 1) {
    await authority.certificateFor(`host-${i}.run.app`);
    await authority.certificateFor('often.run.app');
  }
  expect(await authority.certificateFor('often.run.app')).toBe(often);
  expect(await authority.certificateFor('once.run.app')).not.toBe(once);
});

test('validity: backdated by an hour, a day by default, the same for leaves after the clock was moved', async () => {
  const clock = new AdjustableClock();
  const startedAt = clock.now();
  const authority = await CertificateAuthority.create({ clock });
  clock.advanceBy(5 * hour);
  for (const pem of [authority.caPem, (await authority.certificateFor('a.run.app')).cert]) {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    expect(Math.abs(validFromDate.getTime() - (startedAt - hour))).toBeLessThan(2_000);
    expect(Math.abs(validToDate.getTime() - (startedAt + 24 * hour))).toBeLessThan(2_000);
  }
});

test('a host longer than a common name may be still gets its certificate', async () => {
  const authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
  const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.run.app`;
  const leaf = new X509Certificate((await authority.certificateFor(host)).cert);
  expect(leaf.checkHost(host, { subject: 'never' })).toBe(host);
});

describe('whoever trusts the CA', () => {
  /** What a TLS client that trusts the CA makes of a server with the CA's certificate for `host`. */
  async function handshake(host: string): Promise<string> {
    const authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
    const server = createServer(await authority.certificateFor(host)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', servername: host, ca: authority.caPem });
    try {
      return await Promise.race([
        once(client, 'secureConnect').then(() => 'trusted'),
        once(client, 'error').then(([error]) => error.message),
      ]);
    } catch (error) {
      return (error as Error).message;
    } finally {
      client.destroy();
      server.close();
    }
  }

  it.each(['pubsub.googleapis.com', 'europe-west1-run.googleapis.com', 'a-1.europe-west1.run.app'])(
    'trusts %s',
    async (host) => expect(await handshake(host)).toBe('trusted'),
  );

  it.each(['www.google.com', 'accounts.google.com', 'registry.npmjs.org', 'example.com'])(
    'does not trust %s, even with a certificate of the CA',
    async (host) => expect(await handshake(host)).toBe('permitted subtree violation'),
  );

  it.each(['evilrun.app', 'googleapis.com.example.com'])(
    'does not take %s for a name in a permitted domain',
    async (host) => expect(await handshake(host)).toBe('permitted subtree violation'),
  );
});
