import { createHash } from 'node:crypto';

/** The place a service runs in: everything its URLs are made of besides its name. */
export interface Location {
  /** Digits, for example `123456789012`. */
  projectNumber: string;
  region: string;
}

/**
 * The URL known before a service is deployed.
 * https://cloud.google.com/run/docs/triggering/https-request#deterministic
 */
export function deterministicUrl(service: string, { projectNumber, region }: Location): string {
  return `https://${service}-${projectNumber}.${region}.run.app`;
}

/**
 * The older form, `https://SERVICE-HASH-xx.a.run.app`, which every service also answers to. Google
 * does not publish how HASH is made, only that it is the same for a whole project and region: here
 * it is derived from the project number, so it never equals the real one.
 */
export function legacyUrl(service: string, { projectNumber, region }: Location): string {
  const hash = lowerCaseLetters(`project ${projectNumber} in ${region}`, 10);
  const code = regionCodes[region] ?? lowerCaseLetters(`region ${region}`, 2);
  return `https://${service}-${hash}-${code}.a.run.app`;
}

/** `count` letters a–z that depend on nothing but `seed`. */
function lowerCaseLetters(seed: string, count: number): string {
  const digest = createHash('sha256').update(seed).digest();
  return Array.from(digest.subarray(0, count), (byte) =>
    String.fromCharCode(97 + (byte % 26)),
  ).join('');
}

/** The region's short code in legacy URLs, as seen in public URLs [O]; others get one of our own. */
const regionCodes: Readonly<Record<string, string>> = {
  'asia-east1': 'de',
  'asia-northeast1': 'an',
  'asia-south1': 'el',
  'asia-southeast1': 'as',
  'australia-southeast1': 'ts',
  'europe-north1': 'lz',
  'europe-west1': 'ew',
  'europe-west2': 'nw',
  'europe-west3': 'ey',
  'europe-west4': 'ez',
  'europe-west6': 'oa',
  'northamerica-northeast1': 'nn',
  'southamerica-east1': 'rj',
  'us-central1': 'uc',
  'us-east1': 'ue',
  'us-east4': 'uk',
  'us-west1': 'uw',
};
