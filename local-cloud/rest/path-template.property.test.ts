import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathTemplate } from './path-template.ts';

const names = fc
  .array(
    fc.string({
      unit: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...'aZ09-._~:@!$&()*+,;=%? #"<>\\^`{|}é€😀') },
        {
          weight: 1,
          arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
        },
      ),
      minLength: 1,
      maxLength: 10,
    }),
    { minLength: 2, maxLength: 2 },
  )
  .filter((all) => all.every((name) => !name.includes('/')));

/** Templates of Google's APIs, and how a client fills them in. */
const templates: [template: string, fill: (a: string, b: string) => string][] = [
  ['/v1/projects/{a}/topics/{b}', (a, b) => `/v1/projects/${a}/topics/${b}`],
  ['/v1/projects/{a}/topics/{b}:publish', (a, b) => `/v1/projects/${a}/topics/${b}:publish`],
  ['/v2/{a}.x/locations/{b}', (a, b) => `/v2/${a}.x/locations/${b}`],
];

it.each(templates)('%s gives back the names that a client has put in', (template, fill) => {
  const path = pathTemplate(template);
  fc.assert(
    fc.property(names, ([a = '', b = '']) => {
      expect(path.match(fill(encodeURIComponent(a), encodeURIComponent(b)))).toEqual({ a, b });
    }),
    { numRuns: 300 },
  );
});

it('takes no other text for the dot of a template', () => {
  const path = pathTemplate('/v2/{a}.x/locations');
  fc.assert(
    fc.property(fc.constantFrom(...'aX-%_:'), (char) => {
      expect(path.match(`/v2/name${char}x/locations`)).toBeUndefined();
    }),
  );
});

it('takes any path for a match, for none, or for a broken one, and gives no name with a slash', () => {
  const piece = fc.constantFrom(
    ...['/', ':publish', ':', '%2F', '%2f', '%252F', '%', '%00', '%e9', '..', '.', 'a', '{a}', '*'],
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const paths = templates.map(([template, fill]) => ({ path: pathTemplate(template), fill }));
  let matched = 0;
  fc.assert(
    fc.property(text, text, fc.string(), (a, b, other) => {
      for (const { path, fill } of paths) {
        for (const candidate of [fill(a, b), other]) {
          try {
            const values = path.match(candidate);
            matched += values ? 1 : 0;
            for (const name of Object.values(values ?? {})) {
              expect(name).not.toMatch(/[/\p{Cc}]/u);
              expect(name).not.toBe('');
            }
          } catch (error) {
            if (!(error instanceof URIError)) throw error;
          }
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(matched).toBeGreaterThan(20);
});
