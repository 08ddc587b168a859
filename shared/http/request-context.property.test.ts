import fc from 'fast-check';
import { expect, it } from 'vitest';
import { continueTrace, traceparent } from './request-context.ts';
import { Deadline, remainingTimeHeader } from './request-deadline.ts';

const hex = (length: number) =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.string({
        unit: fc.constantFrom(...'0123456789abcdef'),
        minLength: length,
        maxLength: length,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('0'.repeat(length), 'F'.repeat(length), '0'.repeat(length - 1)),
    },
  );
const nearlyTraceparent = fc
  .tuple(
    fc.constantFrom('00', '00', '01', 'ff', '0'),
    hex(32),
    hex(16),
    hex(2),
    fc.constantFrom('', '', '-', '-x', 'x', ' '),
  )
  .map(
    ([version, traceId, spanId, flags, more]) => `${version}-${traceId}-${spanId}-${flags}${more}`,
  );
const nearlyGoogles = fc
  .tuple(
    hex(32),
    fc.constantFrom('', '/1', '/123456789012345678901', '/x'),
    fc.constantFrom('', ';o=1', ';o=2', ';o=1 ', 'x'),
  )
  .map((pieces) => pieces.join(''));
const header = fc.oneof(fc.constant(undefined), nearlyTraceparent, nearlyGoogles, fc.string());

/** https://www.w3.org/TR/trace-context/#traceparent-header, position by position. */
function traceOf(text: string | undefined): string | undefined {
  const [version = '', traceId = '', spanId = '', flags = '', ...more] = (text ?? '').split('-');
  const isHex = (part: string, length: number) =>
    part.length === length && [...part].every((char) => '0123456789abcdef'.includes(char));
  const isWell = isHex(version, 2) && isHex(traceId, 32) && isHex(spanId, 16) && isHex(flags, 2);
  if (!isWell || version === 'ff' || (version === '00' && more.length > 0)) return undefined;
  return BigInt(`0x${traceId}`) === 0n || BigInt(`0x${spanId}`) === 0n ? undefined : traceId;
}

/** https://cloud.google.com/trace/docs/trace-context#legacy-http-header: TRACE_ID/SPAN_ID;o=OPTIONS */
function googleTraceOf(text: string | undefined): string | undefined {
  const [ids = '', option, ...options] = (text ?? '').split(';');
  const [traceId = '', spanId = '1', ...more] = ids.split('/');
  const isTrace = traceId.length === 32 && /^[\da-f]+$/i.test(traceId) && !/^0+$/.test(traceId);
  const isSpan = spanId.length <= 20 && /^\d+$/.test(spanId) && more.length === 0;
  const isOption = option === undefined || option === 'o=0' || option === 'o=1';
  return isTrace && isSpan && isOption && options.length === 0 ? traceId.toLowerCase() : undefined;
}

it('gives every request a valid trace: the one of its header, or a new one', () => {
  let continued = 0;
  fc.assert(
    fc.property(header, header, (w3c, googles) => {
      const headers = { traceparent: w3c, 'x-cloud-trace-context': googles };
      const trace = continueTrace({ headers });
      expect(traceparent(trace)).toMatch(/^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-0[01]$/);
      const wanted = traceOf(w3c) ?? googleTraceOf(googles);
      if (wanted === undefined) {
        expect((w3c ?? '') + (googles ?? '')).not.toContain(trace.traceId);
        return;
      }
      continued += 1;
      expect(trace.traceId).toBe(wanted);
    }),
    { numRuns: 1_000 },
  );
  expect(continued).toBeGreaterThan(10);
});

it('is read by the next service as the same trace', () => {
  fc.assert(
    fc.property(header, (w3c) => {
      const trace = continueTrace({ headers: { traceparent: w3c } });
      const next = continueTrace({ headers: { traceparent: traceparent(trace) } });
      expect([next.traceId, next.sampled]).toEqual([trace.traceId, trace.sampled]);
      expect(next.spanId).not.toBe(trace.spanId);
    }),
  );
});

it('never gives a request more time than there is, nor less than none', () => {
  const asked = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String));
  fc.assert(
    fc.property(asked, fc.integer({ min: 0, max: 20_000 }), (text, most) => {
      const left = Deadline.of({ headers: { [remainingTimeHeader]: text } }, most).remaining();
      expect(Number.isSafeInteger(left)).toBe(true);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(most);
    }),
    { numRuns: 300 },
  );
});
