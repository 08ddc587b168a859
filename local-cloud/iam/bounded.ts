import { createContext, Script } from 'node:vm';

/**
 * `work`, with an end: after `limitMs` it throws. Nothing else in Node stops a regular expression that
 * backtracks without end.
 */
export function bounded<Input, Output>(
  work: (input: Input) => Output,
  limitMs: number,
): (input: Input) => Output {
  const globals = createContext({ work, input: undefined as Input | undefined });
  const call = new Script('work(input)');
  return (input) => {
    globals.input = input;
    return call.runInContext(globals, { timeout: limitMs }) as Output;
  };
}
