import { EvaluationError, ParseError, TypeError as TypeFault } from '@marcbachmann/cel-js';
import { bounded } from './bounded.ts';
import { language, refusedIn, usesPatterns } from './condition-language.ts';
import { type Condition, InvalidPolicyError } from './policy.ts';

/** What a condition can read; what is missing cannot be read. */
export interface ConditionAttributes {
  request: { time: Date; host?: string; path?: string };
  resource: { name?: string; type?: string; service?: string };
}

/** `error` says why a condition that is not met could not be evaluated. */
export interface ConditionResult {
  met: boolean;
  error?: string;
}

/** A condition, ready to be asked. Never throws: one that cannot be evaluated is not met. */
export type CompiledCondition = (attributes: ConditionAttributes) => ConditionResult;

/** Characters. [I] Google states no limit; with its 12 logical operators nobody needs more. */
const longestExpression = 4096;
/** A policy may have many: whoever asks IAM waits for all of them. */
const longestPatternRunMs = 50;

/** Reads and type-checks a condition. @throws {InvalidPolicyError} */
export function compileCondition({ title, expression }: Condition): CompiledCondition {
  const invalid = (why: string) =>
    new InvalidPolicyError(`The condition "${title}" is not valid: ${why}.`);
  if (expression.length > longestExpression) {
    throw invalid(
      `its expression has ${expression.length} characters, and ${longestExpression} are allowed`,
    );
  }
  const parsed = parse(expression);
  if (typeof parsed === 'string') throw invalid(parsed);
  const refused = refusedIn(parsed.ast);
  if (refused !== undefined) throw invalid(refused);
  const { type, error } = parsed.check();
  if (error) throw invalid(faultOf(error));
  if (type !== 'bool') throw invalid(`it must be true or false, and is of type ${type}`);

  const run = usesPatterns(parsed.ast) ? bounded(parsed, longestPatternRunMs) : parsed;
  return (attributes) => {
    try {
      return { met: run(attributes) === true };
    } catch (fault) {
      return { met: false, error: faultOf(fault) };
    }
  };
}

function parse(expression: string) {
  try {
    return language.parse(expression);
  } catch (fault) {
    return faultOf(fault);
  }
}

/** The library's messages draw the source below; one line says as much. */
function faultOf(fault: unknown): string {
  if (
    fault instanceof ParseError ||
    fault instanceof TypeFault ||
    fault instanceof EvaluationError
  ) {
    const { summary, range } = fault;
    return range ? `${summary} (at character ${range.start + 1})` : summary;
  }
  return fault instanceof Error ? fault.message : String(fault);
}
