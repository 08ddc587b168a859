import { functions, lazyFunctions } from './functions.ts';
import type { Expression } from './syntax.ts';
import { EvaluationError, elementsOf, textOf, type Value } from './values.ts';

/** What the names of an expression mean. A function is asked for each attribute: `local.x` asks for `x`. */
export type Scope = Readonly<Record<string, Value | ((attribute: string) => Value)>>;

/** The value of an expression. @throws {EvaluationError} */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return expression.parts.map((part) => textOf(evaluate(part, scope))).join('');
    case 'name': {
      const value = Object.hasOwn(scope, expression.name) ? scope[expression.name] : undefined;
      if (value === undefined || typeof value === 'function') {
        throw new EvaluationError(`there is no ${expression.name}`);
      }
      return value;
    }
    case 'attribute': {
      const root = expression.of.kind === 'name' ? scope[expression.of.name] : undefined;
      if (typeof root === 'function') return root(expression.name);
      return member(evaluate(expression.of, scope), expression.name);
    }
    case 'index':
      return member(evaluate(expression.of, scope), evaluate(expression.index, scope));
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [
          textOf(evaluate(key, scope)),
          evaluate(value, scope),
        ]),
      );
    case 'for':
      return evaluateFor(expression, scope);
    case 'conditional':
      return evaluate(expression.when, scope) === true
        ? evaluate(expression.then, scope)
        : evaluate(expression.otherwise, scope);
    case 'binary':
      return evaluateBinary(expression, scope);
    case 'call':
      return evaluateCall(expression, scope);
  }
}

function member(of: Value, key: Value): Value {
  const found = elementsOf(of).find(([name]) => name === key);
  if (!found) throw new EvaluationError(`there is no ${JSON.stringify(key)}`);
  return found[1];
}

function evaluateFor(expression: Extract<Expression, { kind: 'for' }>, scope: Scope): Value {
  const results: [string, Value][] = [];
  for (const [key, value] of elementsOf(evaluate(expression.over, scope))) {
    const [first = '', second] = expression.names;
    const names = second === undefined ? { [first]: value } : { [first]: key, [second]: value };
    const inner = { ...scope, ...names };
    if (expression.when && evaluate(expression.when, inner) !== true) continue;
    const name = expression.key ? textOf(evaluate(expression.key, inner)) : '';
    if (expression.key && results.some(([other]) => other === name)) {
      throw new EvaluationError(`two elements have the key ${name}`);
    }
    results.push([name, evaluate(expression.value, inner)]);
  }
  return expression.key ? Object.fromEntries(results) : results.map(([, value]) => value);
}

function evaluateBinary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const left = evaluate(expression.left, scope);
  const right = () => evaluate(expression.right, scope);
  switch (expression.operator) {
    case '&&':
      return left === true && right();
    case '||':
      return left === true || right();
    case '==':
      return left === right();
    default:
      return left !== right();
  }
}

function evaluateCall(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  const { name, spread } = expression;
  const lazy = lazyFunctions[name];
  if (lazy) return lazy(expression.arguments.map((each) => () => evaluate(each, scope)));
  const given = expression.arguments.map((each) => evaluate(each, scope));
  const values = spread
    ? given.flatMap((each, at) => (at === given.length - 1 ? each : [each]))
    : given;
  if (name === 'file') return fileIn(scope, textOf(values[0] ?? null));
  const call = functions[name];
  if (!call) throw new Error(`tests/support/hcl knows no function ${name}`);
  return call(...values);
}

/** The root `file` of the scope answers what a file contains. */
function fileIn(scope: Scope, path: string): Value {
  const read = scope.file;
  if (typeof read !== 'function') throw new Error('no files are given');
  return read(path);
}
