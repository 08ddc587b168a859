import { type Inputs, limits, prices, refresh } from './inputs.ts';

const secondsPerMonth = 30 * 24 * 3_600;
const gib = 2 ** 30;
const tib = 2 ** 40;

export type ServiceName = 'caller' | 'receiver';

/** A limit, and how much of it is in use; more than 1 does not work. */
export interface Limit {
  name: string;
  use: number;
}

/** What a steady rate needs; peaks, and regions that take over from others, come on top. Pure. */
export function scale(requestsPerSecond: number, inputs: Inputs) {
  const instances = {
    caller: instancesFor('caller', requestsPerSecond, inputs),
    receiver: instancesFor('receiver', requestsPerSecond, inputs),
  };
  const messagesPerPublish = batchOf(requestsPerSecond / instances.receiver, inputs);
  const publishesPerSecond = requestsPerSecond / messagesPerPublish;
  const traffic = {
    tokenFetchesPerHour: (3_600 * (instances.caller + instances.receiver)) / refresh.tokenSeconds,
    certificateFetchesPerHour: (3_600 * instances.receiver) / refresh.certificateSeconds,
    messagesPerPublish,
    publishesPerSecond,
    publishBytesPerSecond: requestsPerSecond * inputs.messageBytes,
    logBytesPerSecond: requestsPerSecond * logBytesOf(inputs),
  };
  return {
    requestsPerSecond,
    instances,
    traffic,
    limits: limitsOf(instances, traffic, inputs),
    costs: costsOf(requestsPerSecond, instances, traffic, inputs),
  };
}

export type Scale = ReturnType<typeof scale>;

/** By CPU or by requests at a time, whichever asks for more, at the part of each that Cloud Run aims for. */
function instancesFor(service: ServiceName, rate: number, inputs: Inputs): number {
  const { vcpu, concurrency } = inputs.instance;
  const busyVcpu = (rate * inputs.cpuSecondsPer1000[service]) / 1_000;
  const inFlight = rate * inputs.latencySeconds[service];
  const needed = Math.max(busyVcpu / vcpu, inFlight / concurrency) / limits.utilisation;
  return Math.max(1, Math.ceil(needed));
}

/** A message waits for none: what comes while a publish is under way goes out with the next. */
function batchOf(ratePerInstance: number, { publishSeconds }: Inputs): number {
  return Math.min(limits.messagesPerPublish, Math.max(1, ratePerInstance * publishSeconds));
}

/** Of one request to the caller, hence of one in each service. */
function logBytesOf({ logBytes, keptRequestLogs }: Inputs): number {
  return 2 * (logBytes.ours + keptRequestLogs * logBytes.cloudRun);
}

function limitsOf(
  instances: Record<ServiceName, number>,
  { publishBytesPerSecond }: { publishBytesPerSecond: number },
  { instance }: Inputs,
): Limit[] {
  const vcpu = (instances.caller + instances.receiver) * instance.vcpu;
  return [
    { name: "caller's maximum of instances", use: instances.caller / instance.maxInstances },
    { name: "receiver's maximum of instances", use: instances.receiver / instance.maxInstances },
    { name: 'vCPU of the region', use: vcpu / limits.regionVcpu },
    {
      name: 'Pub/Sub publish throughput of the region',
      use: publishBytesPerSecond / limits.publishBytesPerSecond,
    },
    {
      name: 'one ordering key, if all messages had it',
      use: publishBytesPerSecond / limits.orderingKeyBytesPerSecond,
    },
  ];
}

/** Dollars a month, by the list, without the free amounts except that of the log. */
function costsOf(
  rate: number,
  instances: Record<ServiceName, number>,
  traffic: { publishesPerSecond: number; logBytesPerSecond: number },
  inputs: Inputs,
) {
  const { vcpu, memoryGib } = inputs.instance;
  // An instance is paid for while it works on at least one request: never longer than it is there.
  const paid = (service: ServiceName) =>
    Math.min(instances[service], rate * inputs.latencySeconds[service]) * secondsPerMonth;
  const instanceSeconds = paid('caller') + paid('receiver');
  const requests = rate * secondsPerMonth;
  const bytesPerPublish = Math.max(
    prices.pubsubMinimumBytes,
    (rate / traffic.publishesPerSecond) * inputs.messageBytes,
  );
  const published = traffic.publishesPerSecond * bytesPerPublish * secondsPerMonth;
  const logGib = (traffic.logBytesPerSecond * secondsPerMonth) / gib;
  return {
    cpu: instanceSeconds * vcpu * prices.vcpuSecond,
    memory: instanceSeconds * memoryGib * prices.gibSecond,
    requests: 2 * requests * prices.request,
    // Delivered as published: subscribers get batches as well.
    pubsub: ((published * (1 + inputs.subscriptions)) / tib) * prices.pubsubTib,
    logs: Math.max(0, logGib - prices.freeLogGib) * prices.logGib,
    egress: ((requests * inputs.egressBytes) / gib) * prices.egressGib,
  };
}

/** The limit that is nearest, or passed; an ordering key is a choice, and is not counted. */
export function firstLimit({ limits: all }: Pick<Scale, 'limits'>): Limit {
  const counted = all.filter(({ name }) => !name.includes('ordering key'));
  const [first] = counted.toSorted((a, b) => b.use - a.use);
  if (!first) throw new RangeError('no limits');
  return first;
}
