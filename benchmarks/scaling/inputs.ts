/** Everything that the model starts from. Money is US dollars, region europe-west1 (tier 1), as read on 2026-11-25. */
export interface Inputs {
  /** CPU seconds, user and system, for 1,000 requests. Measured where `npm run bench` has left a result. */
  cpuSecondsPer1000: { caller: number; receiver: number };
  /** How long a request is in each service, in seconds. Assumed: nothing here was run on Google's machines. */
  latencySeconds: { caller: number; receiver: number };
  /** A publish request to Pub/Sub and back, in seconds. Assumed. */
  publishSeconds: number;
  /** Of either service: what deploy/topology.json says, or its defaults. Cloud Run's own maximum is 100. */
  instance: { vcpu: number; memoryGib: number; concurrency: number; maxInstances: number };
  /** Data, attributes, id and time of a message. */
  messageBytes: number;
  subscriptions: number;
  /** Bytes of log for a request in one service: our line, and the one that Cloud Run writes. Assumed. */
  logBytes: { ours: number; cloudRun: number };
  /** Part of Cloud Run's own request lines that are kept; the rest is left out by an exclusion filter. */
  keptRequestLogs: number;
  /** Bytes of an answer that leave Google's network; 0 if the clients are in it. */
  egressBytes: number;
}

export const defaultInputs: Inputs = {
  cpuSecondsPer1000: { caller: 0.305, receiver: 0.284 },
  latencySeconds: { caller: 0.03, receiver: 0.02 },
  publishSeconds: 0.015,
  instance: { vcpu: 1, memoryGib: 0.5, concurrency: 80, maxInstances: 10 },
  messageBytes: 400,
  subscriptions: 1,
  logBytes: { ours: 500, cloudRun: 1_000 },
  keptRequestLogs: 1,
  egressBytes: 500,
};

export const prices = {
  // https://cloud.google.com/run/pricing, request-based billing.
  vcpuSecond: 0.000_024,
  gibSecond: 0.000_002_5,
  request: 0.4 / 1e6,
  // https://cloud.google.com/pubsub/pricing; each request counts for at least 1,000 bytes.
  pubsubTib: 40,
  pubsubMinimumBytes: 1_000,
  // https://cloud.google.com/stackdriver/pricing, beyond the first 50 GiB of a project and month.
  logGib: 0.5,
  freeLogGib: 50,
  // A third party's figure for Cloud Run's egress; Google's own table was not found.
  egressGib: 0.12,
} as const;

export const limits = {
  // https://cloud.google.com/run/docs/about-instance-autoscaling: the aim for CPU and for concurrency.
  utilisation: 0.6,
  // https://cloud.google.com/run/docs/configuring/max-instances-limits, its example of a region.
  regionVcpu: 1_000,
  // https://cloud.google.com/pubsub/quotas, an older copy: large regions, among them europe-west1.
  publishBytesPerSecond: 200e6,
  // The same page.
  orderingKeyBytesPerSecond: 1e6,
  messagesPerPublish: 1_000,
} as const;

/** How often an instance asks for what it keeps, in seconds. */
export const refresh = {
  // Tokens live for 3,600 s and are renewed well before; one ID token (caller), one access token (receiver).
  tokenSeconds: 3_000,
  // The max-age of Google's certificates varies around this. Assumed.
  certificateSeconds: 6 * 3_600,
} as const;
