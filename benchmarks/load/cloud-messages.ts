import type { HostileTokens } from './traffic.ts';

export const serviceNames = ['caller', 'receiver'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What the process of the local cloud says once it is ready. */
export interface CloudReady {
  /** Ports of the containers on 127.0.0.1. */
  ports: Record<ServiceName, number>;
  pids: Record<ServiceName | 'cloud', number>;
  hostile: { tokens: HostileTokens; audience: string };
}

/** How long tokens are valid, in seconds. */
export interface Lifetimes {
  idToken: number;
  accessToken: number;
}

/** How often things happened since the local cloud began. */
export interface CloudCounts {
  /** Different messages in the topic: copies of one count once. */
  published: number;
  /** Messages of the hostile traffic in the topic. */
  hostilePublished: number;
  certificateFetches: number;
  idTokenFetches: number;
  accessTokenFetches: number;
  notices: string[];
}

/** What the process of the local cloud can be asked to do. */
export interface CloudCommands {
  counts: () => CloudCounts;
  /** Signs with the next key from now on. */
  rotateKeys: () => Promise<void>;
}

export type CommandName = keyof CloudCommands;

export interface CommandRequest {
  id: number;
  command: CommandName;
}

export type CommandAnswer = { id: number; result: unknown } | { id: number; error: string };
