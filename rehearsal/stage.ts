import type { Chain } from '../deploy/smoke/chain.ts';
import type { Terminal } from '../deploy/terminal.ts';
import type { ResolvedTopology } from '../deploy/topology.ts';
import type { LocalCloud } from '../local-cloud/start-local-cloud.ts';
import type { Inventory } from './inventory.ts';
import type { Shell } from './shell.ts';

/** Something is not as it has to be; the message says what, in a sentence. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/** What the stages work with. */
export interface Scene {
  cloud: LocalCloud;
  /** What is deployed, with its names filled in. */
  topology: ResolvedTopology;
  chain: Chain;
  /** What was there before anything was deployed. */
  before: Inventory;
  shell: Shell;
  terminal: Terminal;
}

/** One part of the rehearsal. */
export interface Stage<Stuff = Scene> {
  title: string;
  /** What is going to happen, and why: for somebody who sees it for the first time. */
  lesson: string;
  /**
   * Returns what to notice.
   * @throws {StageError} if it does not go as it should
   */
  play: (scene: Stuff) => Promise<string>;
}
