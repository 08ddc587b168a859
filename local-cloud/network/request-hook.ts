import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Runs before a server of the local cloud answers, so that faults can be injected from outside. `true`
 * means that the hook has taken the request over and nothing more is done with it: it has answered
 * (503, garbage), cut the connection, or leaves the client hanging. `false`: go on as usual, perhaps
 * after a delay.
 */
export type RequestHook = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean | Promise<boolean>;

/** The hook where nothing is injected. */
export const noFault: RequestHook = () => false;
