import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isInstalled } from '../program.ts';
import { evaluate } from './evaluate.ts';
import { parseHcl } from './parse.ts';
import type { Value } from './values.ts';

function evaluated(text: string): Value {
  const expression = parseHcl(`value = ${text}\n`, 'test.tf').attributes.get('value');
  if (!expression) throw new Error('no value');
  return evaluate(expression, {});
}

const expressions: readonly (readonly [string, Value])[] = [
  ['"a\\tb \\"c\\" \\\\ $1 100%"', 'a\tb "c" \\ $1 100%'],
  [`"$\${kept} %%{if} \${"in"}side \${1}"`, `\${kept} %{if} inside 1`],
  ['[1, "two", true, null,]', [1, 'two', true, null]],
  ['{ a = 1, "b" = { c = [] } }', { a: 1, b: { c: [] } }],
  ['{ a = { b = 7 } }.a["b"]', 7],
  ['[5, 6][1]', 6],
  ['1 == 1 && "a" != "b" || false', true],
  ['(\n  false ?\n  1 :\n  true ? 2 : 3\n)', 2],
  [`[for x in ["b", "a"] : "\${x}!"]`, ['b!', 'a!']],
  [`[for k, v in { b = 1, a = 2 } : "\${k}\${v}"]`, ['a2', 'b1']],
  ['{ for k, v in { a = 1, b = 2 } : v => k if v == 2 }', { 2: 'b' }],
  ['merge([{ a = 1 }, { a = 2, b = 3 }]...)', { a: 2, b: 3 }],
  ['merge([]...)', {}],
  ['try({}.a, "none")', 'none'],
  ['can({ a = 1 }.a)', true],
  ['keys({ b = 1, a = 2 })', ['a', 'b']],
  ['values({ b = 1, a = 2 })', [2, 1]],
  ['distinct(concat(["a"], ["b", "a"]))', ['a', 'b']],
  ['flatten([["a", []], [["b"]], "c"])', ['a', 'b', 'c']],
  ['join("-", regexall("[ab]+|c", "aabcxb"))', 'aab-c-b'],
  ['contains(["a"], "b")', false],
  ['startswith("service:x", "service:")', true],
  ['trimprefix("service:x", "service:")', 'x'],
  ['toset(["b", "a", "b"])', ['a', 'b']],
  ['jsondecode("{\\"a\\": [1]}").a', [1]],
];

describe('evaluate', () => {
  it.each(expressions)('%s', (text, expected) => {
    expect(evaluated(text)).toEqual(expected);
  });

  it.each([
    ['a name that is not there', '{ a = 1 }.b', 'there is no "b"'],
    ['an index past the end', '[1][1]', 'there is no 1'],
    ['a list as text', `"\${[1]}"`, '[1] is no text'],
    ['a function it does not know', 'cidrsubnet("a")', 'knows no function cidrsubnet'],
    ['two elements of one key', '{ for x in [1, 2] : "k" => x }', 'two elements have the key k'],
  ])('refuses %s', (_title, text, message) => {
    expect(() => evaluated(text)).toThrow(message);
  });
});

describe('parseHcl', () => {
  it('reads blocks within blocks, with labels and comments', () => {
    const { blocks } = parseHcl(
      '# one\nresource "a" "b" { // two\n  x = 1 # three\n\n  inner {\n    y = 2\n  }\n}\n',
      'test.tf',
    );
    expect(blocks).toMatchObject([
      { type: 'resource', labels: ['a', 'b'], body: { blocks: [{ type: 'inner', labels: [] }] } },
    ]);
  });

  it.each([
    ['a heredoc', 'a = <<EOT\nx\nEOT\n', 'test.tf:1'],
    ['a directive', 'a = "%{ if true }x%{ endif }"\n', 'test.tf:1'],
    ['a splat', 'b = 1\na = x[*].y\n', 'test.tf:2'],
    ['an open block', 'a {\n', 'test.tf:2'],
    ['arithmetic', 'a = 1 + 1\n', 'test.tf:1'],
  ])('refuses %s, and says where', (_title, text, message) => {
    expect(() => parseHcl(text, 'test.tf')).toThrow(`${message}: not understood`);
  });
});

describe.skipIf(!isInstalled('terraform', 'whether Terraform evaluates as tests/support/hcl does'))(
  'Terraform itself',
  () => {
    it('evaluates every expression to the same', () => {
      const folder = mkdtempSync(`${tmpdir()}/hcl-`);
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const all = expressions.map(([text]) => `jsonencode(${text.replaceAll('\n', ' ')})`);
      const { PATH } = process.env;
      const answer = execFileSync('terraform', ['console'], {
        cwd: folder,
        input: `base64encode(jsonencode([${all.join(', ')}]))`,
        encoding: 'utf8',
        env: { PATH, HOME: folder, CHECKPOINT_DISABLE: '1' },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const json = Buffer.from(answer.trim().slice(1, -1), 'base64').toString();
      const values = JSON.parse(json).map((text: string) => JSON.parse(text));
      expect(values).toEqual(expressions.map(([, value]) => value));
    });
  },
);
