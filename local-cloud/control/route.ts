import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';

/** One request, checked. */
export interface ControlCall<Body, Query> {
  body: Body;
  query: Query;
  request: IncomingMessage;
  response: ServerResponse;
}

/** One method of one path. */
export interface ControlRoute<Body = unknown, Query = unknown> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: `/${string}`;
  /** What it does, for people. */
  summary: string;
  body?: z.ZodType<Body>;
  query?: z.ZodType<Query>;
  /** What `handle` answers. */
  answer?: z.ZodType;
  /** A body, or what follows the path, that works as it stands; for people. */
  example?: { body?: unknown; query?: string };
  /** Whether only those may call it who can read the state file: they send its key. */
  needsKey?: boolean;
  /**
   * Answers what is sent: an object as JSON, a text as such, nothing as 204. It may also answer by
   * itself. Throws {@link ControlProblem}.
   */
  handle(call: ControlCall<Body, Query>): unknown;
}

/** Checks that the handler takes what the schemas make of a request. */
export function route<Body, Query>(definition: ControlRoute<Body, Query>): ControlRoute {
  return definition;
}
