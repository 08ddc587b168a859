import type { LiveService } from '../live-service.ts';
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
  /** IAM is asked who may call. */
  invokerCheck: boolean;
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
    invokerCheck: true,
  };
}

/** How it runs, in the same words. What it lacks, and a variable that is a secret, is like nothing wanted. */
export function liveSettings(live: LiveService): Record<keyof ServiceSettings, unknown> {
  return {
    image: live.image,
    serviceAccount: live.serviceAccount,
    ingress: live.ingress,
    customAudiences: live.customAudiences,
    environment: live.environment,
    milliCpu: milliCpu(live.cpu ?? ''),
    memory: live.memory,
    concurrency: live.concurrency,
    minInstances: live.minInstances,
    maxInstances: live.maxInstances,
    timeoutSeconds: live.timeoutSeconds,
    cpuBoost: live.cpuBoost,
    cpuThrottling: live.cpuThrottling,
    startupProbe: live.startupProbe,
    livenessProbe: live.livenessProbe,
    invokerCheck: !live.invokerCheckOff,
  };
}

/** `1` and `1000m` are the same to Kubernetes. */
export function milliCpu(cpu: string): number {
  return cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1_000;
}
