import type { Forge } from './forge.ts';
import type { Verdict } from './verdicts.ts';

/** A hostile token, and what each of its judges has to make of it. */
export interface TokenAttack {
  name: string;
  /** What stands after `Bearer `. */
  token(forge: Forge): string;
  /** The answer of the receiver, wherever the request comes from. */
  receiver: Verdict;
  /**
   * The answer of the front door if it is shown this token. `admits`: Google would have to sign such a
   * token itself, and the front door looks at less than the receiver, which then refuses.
   */
  frontDoor: 401 | 403 | 'admits';
}
