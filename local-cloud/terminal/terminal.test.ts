import { describe, expect, it } from 'vitest';
import { loadTopology, parseTopology, resolveTopology } from '../../deploy/topology.ts';
import type { Decision } from '../iam/access.ts';
import { serviceResource } from '../iam/resource-names.ts';
import { arrowLine } from './arrow-line.ts';
import { displayWidth } from './display-width.ts';
import { foldRepeats } from './fold-repeats.ts';
import { logLine } from './log-line.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { readyBox } from './ready-box.ts';

const resource = serviceResource('demo-project', 'europe-west1', 'caller');
const request = {
  principal: 'user:developer@example.com',
  permission: 'run.routes.invoke',
  resource,
} as const;
const event = (decision: Decision, action = 'POST /messages') => ({
  sequence: 1,
  time: 0,
  action,
  decision,
});
const allowedAs = (member: string): Decision => ({
  ...request,
  allowed: true,
  grantedBy: { resource, role: 'roles/run.invoker', member },
  reason: 'x',
});

describe('arrowLine', () => {
  it('shows an allowed request in one line', () => {
    expect(arrowLine(event(allowedAs('user:developer@example.com')))).toBe(
      '✓ user:developer@example.com → caller  POST /messages   roles/run.invoker on caller',
    );
  });

  it('says through which member it was allowed', () => {
    expect(arrowLine(event(allowedAs('group:team@example.com')))).toContain(
      'roles/run.invoker on caller, through group:team@example.com',
    );
  });

  it('shows a refusal with its reason and the command', () => {
    const decision: Decision = {
      ...request,
      allowed: false,
      reason: 'the reason',
      remedy: 'npm run gcloud -- x',
    };
    expect(arrowLine(event(decision))).toBe(
      [
        '✗ user:developer@example.com → caller  POST /messages   refused',
        '    the reason',
        '    npm run gcloud -- x',
      ].join('\n'),
    );
    expect(arrowLine(event({ ...decision, remedy: undefined })).split('\n')).toHaveLength(2);
  });

  it('escapes whatever comes from a request', () => {
    const decision: Decision = {
      ...request,
      principal: 'user:\u001b]0;x\u0007@example.com',
      allowed: false,
      reason: 'made for "\r\u009b2J"',
      remedy: undefined,
    };
    const text = arrowLine(event(decision, 'GET /\u001b[31m\n✓ forged'));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('GET /\\u{1b}[31m\\u{a}✓ forged');
    expect(text).toContain('user:\\u{1b}]0;x\\u{7}@example.com');
    expect(text).toContain('made for "\\u{d}\\u{9b}2J"');
  });

  it('colours only through paint', () => {
    const tagged: Paint = (format, text) => `<${String(format)}>${text}`;
    expect(arrowLine(event(allowedAs('allUsers')), tagged)).toMatch(/^<green>✓ user/);
  });
});

it('foldRepeats says the same thing once a minute, unless something else was said in between', () => {
  let nowMs = 0;
  const said: string[] = [];
  const say = foldRepeats(
    (sentence) => said.push(sentence),
    () => nowMs,
  );
  for (const sentence of ['a', 'a', 'b', 'a']) say(sentence);
  nowMs = 60_000;
  say('a');
  say('a');
  expect(said).toEqual(['a', 'b', 'a', 'a']);
});

describe('printable', () => {
  it.each([
    ['plain text, ünïcode and 漢字', 'plain text, ünïcode and 漢字'],
    ['right\u202eto left', 'right\\u{202e}to left'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['\u007f\u0085\u2028', '\\u{7f}\\u{85}\\u{2028}'],
    ['lone \ud800', 'lone \\u{d800}'],
    ['a'.repeat(400), `${'a'.repeat(300)}…`],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['👩‍👩‍👧', 2],
    ['ｆ', 2],
  ])('%j takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('logLine', () => {
  it('prefixes a line of a service and disarms it', () => {
    expect(logLine('caller', '{"a":1}\u001b[2J', 8)).toBe('caller   │ {"a":1}\\u{1b}[2J');
    const entry = {
      severity: 'ERROR',
      message: 'GET / 503',
      httpRequest: { latency: '0.0316s' },
      code: 'down',
      reason: ['Error: \u001b', `Error 4: ${'y'.repeat(400)}`],
    };
    expect(logLine('caller', JSON.stringify(entry), 6)).toBe(
      [
        'caller │ ERROR GET / 503 (32 ms) [down]',
        'caller │   Error: \\u{1b}',
        `caller │   Error 4: ${'y'.repeat(291)}…`,
      ].join('\n'),
    );
    expect(logLine('x', '{"severity":"ERROR","message":"not flushed","reason":"Error"}', 1)).toBe(
      'x │ ERROR not flushed\nx │   Error',
    );
    expect(logLine('caller', '{"severity":"INFO","message":"listening"}', 6)).toBe(
      'caller │ listening',
    );
    expect(logLine('receiver', `x${'y'.repeat(5000)}`, 8)).toBe(`receiver │ x${'y'.repeat(5000)}`);
  });
});

describe('readyBox', () => {
  const topology = resolveTopology(loadTopology(), {
    project: 'demo-project',
    projectNumber: '123456789012',
    region: 'europe-west1',
    deployer: 'user:developer@example.com',
  });
  const localUrls = { caller: 'http://localhost:8080', receiver: 'http://localhost:8081' };
  const box = readyBox(topology, {
    localUrls,
    tryUrl: localUrls.caller,
    controlUrl: 'http://localhost:4000',
  });

  it('names every service, its account and its invokers, and the topic with its publisher', () => {
    for (const fact of [
      'demo-project (123456789012)',
      'europe-west1',
      'https://receiver-123456789012.europe-west1.run.app',
      'runs as     caller@demo-project.iam.gserviceaccount.com',
      'invokers    serviceAccount:caller@demo-project.iam.gserviceaccount.com',
      'as you      http://localhost:8081',
      'projects/demo-project/topics/events',
      'publishers  serviceAccount:receiver@demo-project.iam.gserviceaccount.com',
    ]) {
      expect(box).toContain(fact);
    }
  });

  it('ends with one curl to copy, outside the frame', () => {
    expect(box.split('\n').at(-1)).toBe(
      `Try:  curl -X POST http://localhost:8080/messages -H 'content-type: application/json' -d '{"text":"hello"}'`,
    );
  });

  it('ends, in an empty project, with the command that deploys into it', () => {
    const empty = resolveTopology(parseTopology({ services: {} }), topology);
    const controlUrl = 'http://localhost:4000';
    expect(readyBox(empty, { localUrls, tryUrl: '', controlUrl }).split('\n').at(-1)).toBe(
      'Try:  eval "$(npm run -s env)"; npm run deploy -- --project demo-project --region europe-west1',
    );
  });

  it('keeps its right edge straight, with wide names too', () => {
    const wide = readyBox(
      { ...topology, region: '東京' },
      { localUrls, tryUrl: localUrls.caller, controlUrl: 'http://localhost:4000' },
    );
    const frame = wide.split('\n').filter((line) => /^[╭│╰]/.test(line));
    expect(new Set(frame.map(displayWidth)).size).toBe(1);
  });
});
