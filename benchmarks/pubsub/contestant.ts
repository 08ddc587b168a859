/** A running Pub/Sub, in a process of its own. */
export interface Contestant {
  name: string;
  pid: number;
  project: string;
  /** What sends Google's client there. */
  environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}
