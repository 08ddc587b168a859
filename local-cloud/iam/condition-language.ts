import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { extract } from './extract.ts';

/**
 * The Common Expression Language as IAM has it: its attributes, and `extract`.
 * https://cloud.google.com/iam/docs/conditions-attribute-reference
 */
export const language = new Environment({
  limits: { maxAstNodes: 1000, maxDepth: 64, maxListElements: 100, maxCallArguments: 4 },
})
  .registerType('Request', {
    fields: { time: 'google.protobuf.Timestamp', host: 'string', path: 'string' },
  })
  .registerType('Resource', { fields: { name: 'string', type: 'string', service: 'string' } })
  .registerVariable('request', 'Request')
  .registerVariable('resource', 'Resource')
  .registerFunction('string.extract(string): string', extract);

/**
 * What conditions may call. No macros (`all`, `map`, `cel.bind` …) and nothing that builds texts: IAM has
 * none, and so an expression costs no more than its length. `getDayOfYear` of the library is a day off in
 * summer on machines with summer time.
 */
const functions: ReadonlySet<string> = new Set([
  ...['startsWith', 'endsWith', 'contains', 'matches', 'extract', 'size', 'has'],
  ...['timestamp', 'duration', 'getFullYear', 'getMonth', 'getDate', 'getDayOfMonth'],
  ...['getDayOfWeek', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
]);

/** https://cloud.google.com/iam/quotas: of `&&`, `||` and `!` in one condition. */
const mostLogicalOperators = 12;

/** What IAM does not take although it is CEL, in words; `undefined` if there is nothing. */
export function refusedIn(root: ASTNode): string | undefined {
  let logicalOperators = 0;
  for (const node of nodesOf(root)) {
    if (node.op === '&&' || node.op === '||' || node.op === '!_') logicalOperators += 1;
    if (node.op !== 'call' && node.op !== 'rcall') continue;
    const [name] = node.args;
    if (!functions.has(name)) return `${name}() cannot be used in conditions of the local cloud`;
    const pattern = node.op === 'rcall' && name === 'matches' ? node.args[2][0] : undefined;
    const text = pattern?.op === 'value' ? pattern.args : undefined;
    if (typeof text === 'string' && !isPattern(text)) {
      return `"${text}" is not a regular expression`;
    }
  }
  return logicalOperators > mostLogicalOperators
    ? `it has ${logicalOperators} logical operators, and ${mostLogicalOperators} are allowed`
    : undefined;
}

/** Whether it runs a regular expression: the only part whose time cannot be foreseen. */
export function usesPatterns(root: ASTNode): boolean {
  return [...nodesOf(root)].some(({ op, args }) => op === 'rcall' && args[0] === 'matches');
}

function* nodesOf(node: ASTNode): Generator<ASTNode> {
  yield node;
  for (const part of [node.args as unknown].flat(2)) if (isNode(part)) yield* nodesOf(part);
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
