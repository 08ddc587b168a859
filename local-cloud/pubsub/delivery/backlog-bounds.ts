/** How much the broker keeps in memory. */
export interface BacklogBounds {
  /** Messages in one subscription's backlog. */
  messagesPerSubscription: number;
  /** Bytes in all backlogs together; a message counts once in each subscription it waits in. */
  bytesInAll: number;
}

export const defaultBacklogBounds: BacklogBounds = {
  messagesPerSubscription: 100_000,
  bytesInAll: 128 * 1024 * 1024,
};

/** Told when a bound was reached and messages were dropped: once, until there is room again. */
export interface BoundReached {
  /** Full name of the subscription that lost its oldest messages. */
  subscription: string;
  bound: keyof BacklogBounds;
  limit: number;
}

/** What a message costs beside its payload: the objects that keep track of it, roughly. */
export const overheadBytes = 256;

/** A spell ends when the backlog is down to this part of the bound, so that it does not flutter. */
export const recoveredAt = 0.9;
