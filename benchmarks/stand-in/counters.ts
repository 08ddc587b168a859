/** What the stand-in has been asked since it started. */
export interface Counters {
  idTokens: number;
  accessTokens: number;
  certificates: number;
  publishRequests: number;
  messages: number;
}

export function newCounters(): Counters {
  return { idTokens: 0, accessTokens: 0, certificates: 0, publishRequests: 0, messages: 0 };
}

/** What happened between two readings. */
export function counted(before: Counters, after: Counters): Counters {
  const difference = { ...after };
  for (const name of Object.keys(before) as (keyof Counters)[]) difference[name] -= before[name];
  return difference;
}
