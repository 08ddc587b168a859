import type { Block, Body, Expression } from './syntax.ts';

/** From loosest to tightest. */
const binaryOperators = [['||'], ['&&'], ['==', '!=']];

/**
 * Reads a file of HCL (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md). Of the language
 * it knows what our files use; anything else is an error, so that nothing is passed over in silence.
 *
 * @throws {SyntaxError} with the file and line.
 */
export function parseHcl(text: string, file: string): Body {
  const parser = new Parser(text, file);
  const body = parser.body();
  parser.end();
  return body;
}

class Parser {
  private readonly text: string;
  private readonly file: string;
  private position = 0;
  /** Inside ( ), [ ] and `for`, a line break is as good as a space; elsewhere it ends an expression. */
  private linesMatter = true;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  body(): Body {
    const attributes = new Map<string, Expression>();
    const blocks: Block[] = [];
    for (;;) {
      this.skipLines();
      const name = this.match(/[A-Za-z_][\w-]*/y);
      if (name === undefined) return { attributes, blocks };
      if (this.accept('=')) attributes.set(name, this.expression());
      else blocks.push(this.block(name));
    }
  }

  end(): void {
    if (this.position < this.text.length) this.fail('expected the name of an attribute or a block');
  }

  private block(type: string): Block {
    const labels: string[] = [];
    for (let label = this.label(); label !== undefined; label = this.label()) labels.push(label);
    this.expect('{');
    const body = this.body();
    this.expect('}');
    return { type, labels, body };
  }

  private label(): string | undefined {
    return this.match(/"[\w-]*"/y)?.slice(1, -1);
  }

  private expression(): Expression {
    this.skipLines();
    const when = this.binary(0);
    if (!this.accept('?')) return when;
    const then = this.expression();
    this.expect(':');
    return { kind: 'conditional', when, then, otherwise: this.expression() };
  }

  private binary(level: number): Expression {
    const operators = binaryOperators[level];
    if (!operators) return this.postfix(this.primary());
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.accept(candidate));
      if (operator === undefined) return left;
      this.skipLines();
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  private postfix(of: Expression): Expression {
    if (this.match(/\.(?=[A-Za-z_])/y) !== undefined) {
      return this.postfix({ kind: 'attribute', of, name: this.identifier() });
    }
    if (!this.accept('[')) return of;
    const index = this.enclosed(() => this.expression());
    this.expect(']');
    return this.postfix({ kind: 'index', of, index });
  }

  private primary(): Expression {
    if (this.accept('"')) return this.template();
    if (this.accept('(')) {
      const inner = this.enclosed(() => this.expression());
      this.expect(')');
      return inner;
    }
    if (this.accept('[')) return this.enclosed(() => this.list());
    if (this.accept('{')) return this.object();
    const digits = this.match(/\d+(?![\w.])/y);
    if (digits !== undefined) return { kind: 'literal', value: Number(digits) };
    const name = this.identifier();
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    if (name === 'null') return { kind: 'literal', value: null };
    return this.accept('(') ? this.enclosed(() => this.call(name)) : { kind: 'name', name };
  }

  private call(name: string): Expression {
    const given: Expression[] = [];
    let spread = false;
    while (!this.accept(')')) {
      given.push(this.expression());
      spread = this.accept('...');
      if (!this.accept(',')) {
        this.expect(')');
        break;
      }
    }
    return { kind: 'call', name, arguments: given, spread };
  }

  private list(): Expression {
    if (this.match(/for\b/y) !== undefined) return this.forExpression(']');
    const items: Expression[] = [];
    while (!this.accept(']')) {
      items.push(this.expression());
      if (!this.accept(',')) {
        this.expect(']');
        break;
      }
    }
    return { kind: 'list', items };
  }

  private object(): Expression {
    this.skipLines();
    if (this.match(/for\b/y) !== undefined) return this.enclosed(() => this.forExpression('}'));
    return this.enclosed(() => {
      const entries: [Expression, Expression][] = [];
      for (;;) {
        this.skipLines();
        if (this.accept('}')) return { kind: 'object', entries };
        const name = this.match(/[A-Za-z_][\w-]*(?=\s*=)/y);
        const key: Expression =
          name === undefined ? this.expression() : { kind: 'literal', value: name };
        this.expect('=');
        entries.push([key, this.expression()]);
        this.accept(',');
      }
    }, true);
  }

  private forExpression(close: string): Expression {
    const names = [this.identifier()];
    if (this.accept(',')) names.push(this.identifier());
    if (this.identifier() !== 'in') this.fail('expected "in"');
    const over = this.expression();
    this.expect(':');
    const first = this.expression();
    const keyed = close === '}';
    if (keyed) this.expect('=>');
    const value = keyed ? this.expression() : first;
    const when = this.match(/if\b/y) === undefined ? undefined : this.expression();
    this.expect(close);
    return { kind: 'for', names, over, value, ...(keyed && { key: first }), ...(when && { when }) };
  }

  /** What stands between quotes, after the first of them. */
  private template(): Expression {
    const parts: Expression[] = [];
    let text = '';
    for (;;) {
      const plain = this.raw(/[^"\\$%\n]+|\$(?!\$?\{)|%(?!%?\{)/y);
      const escaped = plain === undefined ? this.raw(/\\[nrt"\\]|\$\$\{|%%\{/y) : undefined;
      if (plain !== undefined) text += plain;
      else if (escaped?.startsWith('\\')) text += JSON.parse(`"${escaped}"`);
      else if (escaped !== undefined) text += escaped.slice(1);
      else if (this.raw(/"/y) !== undefined) break;
      else if (this.raw(/\$\{/y) !== undefined) {
        parts.push({ kind: 'literal', value: text });
        text = '';
        parts.push(this.enclosed(() => this.expression()));
        this.expect('}');
      } else this.fail('this kind of text');
    }
    const last: Expression = { kind: 'literal', value: text };
    return parts.length === 0 ? last : { kind: 'template', parts: [...parts, last] };
  }

  private enclosed<T>(read: () => T, linesMatter = false): T {
    const before = this.linesMatter;
    this.linesMatter = linesMatter;
    try {
      return read();
    } finally {
      this.linesMatter = before;
    }
  }

  private identifier(): string {
    return this.match(/[A-Za-z_][\w-]*/y) ?? this.fail('this expression');
  }

  private accept(token: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(token, this.position)) return false;
    // `=` is neither `==` nor `=>`.
    if (token === '=' && /[=>]/.test(this.text[this.position + 1] ?? '')) return false;
    this.position += token.length;
    return true;
  }

  private expect(token: string): void {
    if (token === '}' || token === ']' || token === ')') this.skipLines();
    if (!this.accept(token)) this.fail(`expected "${token}"`);
  }

  private match(pattern: RegExp): string | undefined {
    this.skipSpace();
    return this.raw(pattern);
  }

  private raw(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  private skipSpace(): void {
    if (this.linesMatter) this.raw(/(?:[ \t]|(?:#|\/\/).*)*/y);
    else this.skipLines();
  }

  private skipLines(): void {
    this.raw(/(?:\s|(?:#|\/\/).*)*/y);
  }

  private fail(what: string): never {
    const line = this.text.slice(0, this.position).split('\n').length;
    throw new SyntaxError(
      `${this.file}:${line}: not understood by tests/support/hcl: ${what} (at "${this.text.slice(this.position, this.position + 30).replaceAll('\n', '\\n')}")`,
    );
  }
}
