import type { ResolvedService } from '../topology.ts';

/** When an instance counts as started, and when as dead. */
export interface Probe {
  path: string;
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
}

/** Everything that a deployment sets on a service, and compares to know whether it must. */
export interface ServiceSettings {
  image: string;
  serviceAccount: string;
  ingress: string;
  customAudiences: readonly string[];
  environment: Readonly<Record<string, string>>;
  milliCpu: number;
  memory: string;
  concurrency: number;
  minInstances: number;
  maxInstances: number;
  timeoutSeconds: number;
  /** More CPU during the start. */
  cpuBoost: boolean;
  /** The CPU is there, and paid for, while a request is handled. */
  cpuThrottling: boolean;
  startupProbe: Probe;
  livenessProbe: Probe;
}

/** No request arrives before this has succeeded ... */
const startupProbe: Probe = {
  path: '/health/ready',
  periodSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold: 60,
};

/** ... and an instance that no longer answers this is replaced. */
const livenessProbe: Probe = {
  path: '/health/live',
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 3,
};

/** How `service` is to run. `image` is the whole name of the image, with its tag. */
export function wantedSettings(service: ResolvedService, image: string): ServiceSettings {
  const { cpu, memory } = service.resources;
  return {
    image,
    serviceAccount: service.serviceAccount,
    ingress: service.ingress,
    customAudiences: service.customAudiences,
    environment: service.environment,
    milliCpu: milliCpu(cpu),
    memory,
    concurrency: service.concurrency,
    minInstances: service.minInstances,
    maxInstances: service.maxInstances,
    timeoutSeconds: service.timeoutSeconds,
    cpuBoost: true,
    cpuThrottling: true,
    startupProbe,
    livenessProbe,
  };
}

/** `1` and `1000m` are the same to Kubernetes. */
export function milliCpu(cpu: string): number {
  return cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1_000;
}
