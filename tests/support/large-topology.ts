/** A topology that uses everything a topology may say. */
export const largeTopology = {
  services: {
    receiver: {
      serviceAccount: 'receiver',
      invokers: ['service:caller', 'service:night-shift'],
      environment: {
        AUDIENCES: `\${services.receiver.url},https://receiver.example.com`,
        ALLOWED_CALLERS: `\${services.caller.serviceAccount},\${services.night-shift.serviceAccount}`,
        TOPIC: `\${topics.events.name}`,
        PLAIN: 'costs $5, 10 % off, %{if} and $$ and "quotes"',
        EMPTY: '',
        LINES: `first\n\${topics.odd.name~1.name}\nlast`,
      },
      customAudiences: ['https://receiver.example.com'],
      ingress: 'internal',
    },
    caller: {
      serviceAccount: 'caller',
      invokers: ['deployer', 'deployer', 'user:grace@example.com'],
      environment: { RECEIVER_URL: `\${services.receiver.url}` },
      minInstances: 1,
      timeoutSeconds: 300,
    },
    'night-shift': {
      serviceAccount: 'caller',
      image: 'caller',
      invokers: ['group:team@example.com', 'domain:example.com', 'allUsers'],
      ingress: 'internal-and-cloud-load-balancing',
      resources: { cpu: '2' },
      concurrency: 1,
      maxInstances: 3,
    },
  },
  topics: {
    events: { publishers: ['service:receiver', 'service:night-shift'] },
    'odd.name~1': { publishers: ['allAuthenticatedUsers'] },
  },
  subscriptions: {
    audit: { topic: 'odd.name~1' },
    'events-reader': { topic: 'events' },
  },
  groups: { 'team@example.com': ['deployer'] },
  domains: ['example.com'],
};
