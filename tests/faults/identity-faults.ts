import type { FaultInput } from '../../local-cloud/faults/fault-schemas.ts';
import { type Scenario, withoutEffect } from './scenario.ts';
import { clients } from './traffic.ts';

const certificateFaults: [string, FaultInput<'certificates'>][] = [
  ['hang', { kind: 'hang' }],
  ['are 503', { kind: 'unavailable' }],
  ['are reset', { kind: 'reset' }],
  ['are HTML', { kind: 'garbage' }],
  ['are {}', { kind: 'garbage', content: 'empty' }],
  ['redirect', { kind: 'garbage', content: 'redirect' }],
  ['have no max-age', { kind: 'garbage', content: 'no-max-age' }],
];

const metadataFaults: [string, FaultInput<'metadata'>][] = [
  ['hangs', { kind: 'hang' }],
  ['is 404', { kind: 'unavailable', status: 404 }],
  ['is 500', { kind: 'unavailable', status: 500 }],
  ['is HTML', { kind: 'garbage' }],
  ['gives expired tokens', { kind: 'garbage', content: 'expired-token' }],
];

/** Services that have what they need do not notice any of these. */
export const identityFaults: Scenario[] = [
  ...certificateFaults.map(([name, fault]) =>
    withoutEffect(`certificates ${name}`, (cloud) => cloud.faults.set('certificates', fault)),
  ),
  ...metadataFaults.map(([name, fault]) =>
    withoutEffect(`metadata ${name}`, (cloud) => cloud.faults.set('metadata', fault)),
  ),
  withoutEffect('keys rotate', (cloud) => cloud.keys.rotate()),
  {
    ...withoutEffect('keys are withdrawn', (cloud) => cloud.keys.rotate({ abrupt: true })),
    // What was signed a moment before and is on its way to the caller's front door is worth nothing there: its
    // page, which has no code, for at most what every sender had under way.
    mayBeRefused: { kind: '401 undefined', most: clients },
  },
];
