import type { Send } from './open-loop.ts';

/** A kind of request, ready to be sent. */
export interface Traffic {
  send: Send;
  /** Cuts its connections. */
  close(): Promise<void>;
}

/** What a generator's thread needs to know of its traffic. */
export type TrafficPlan =
  | { kind: 'good'; port: number }
  | { kind: 'probe'; port: number }
  | { kind: 'hostile'; port: number; tokens: HostileTokens; audience: string };

/** Genuine tokens in the wrong hands. */
export interface HostileTokens {
  /** Of an allowed caller, for another audience. */
  wrongAudience: string;
  /** For the right audience, of an account that may not call. */
  stranger: string;
}
