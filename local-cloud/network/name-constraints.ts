import { Extension } from '@peculiar/x509';

const nameConstraints = '2.5.29.30';
/** Tags of RFC 5280, section 4.2.1.10 and 4.2.1.6. */
const tag = { sequence: 0x30, permitted: 0xa0, excluded: 0xa1, dnsName: 0x82, ipAddress: 0x87 };

/** All of IPv4 and all of IPv6: address and mask are zero. */
const everyAddress = [Buffer.alloc(8), Buffer.alloc(32)];

/**
 * Limits a CA to host names in these domains, and to no IP address (RFC 5280, section 4.2.1.10):
 * whoever trusts it has not thereby trusted it for anything else. Critical, so that a client that does
 * not understand it refuses the CA.
 */
export function onlyDomains(domains: readonly string[]): Extension {
  const names = domains.map((domain) => subtree(tag.dnsName, Buffer.from(domain, 'ascii')));
  const addresses = everyAddress.map((address) => subtree(tag.ipAddress, address));
  const content = [element(tag.permitted, ...names), element(tag.excluded, ...addresses)];
  return new Extension(nameConstraints, true, element(tag.sequence, ...content));
}

function subtree(kind: number, base: Buffer): Buffer {
  return element(tag.sequence, element(kind, base));
}

/** One DER element. @throws {RangeError} if its length does not fit into one byte */
function element(kind: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  if (bytes.length > 127) throw new RangeError('too many names for the short form of DER');
  return Buffer.concat([Buffer.from([kind, bytes.length]), bytes]);
}
