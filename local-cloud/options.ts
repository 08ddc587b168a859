import type { Topology } from '../deploy/topology.ts';

/** Where `startLocalCloud` reports what happens, for the terminal. Each is optional. */
export interface Observers {
  /** A line that a service wrote. */
  onServiceLine?: (service: string, line: string) => void;
  /** Something worth a sentence: a service crashed, a host was refused, a bound was hit. */
  onNotice?: (sentence: string) => void;
}

export interface LocalCloudOptions extends Observers {
  /** Default `demo-project`. */
  project?: string;
  /** Digits; default `123456789012`. */
  projectNumber?: string;
  /** Default `europe-west1`. */
  region?: string;
  /** E-mail address of the person at this machine; default `developer@example.com`. */
  developer?: string;
  /** Who may do what; default `deploy/topology.json`. */
  topology?: Topology;
  /** Default 0: any free port. */
  proxyPort?: number;
  /**
   * Port by service name of the proxy that reaches it as the developer, also of services that are still
   * to be deployed; default 0, any free port, for each of the topology.
   */
  servicePorts?: Readonly<Record<string, number>>;
  /** Port of the control API; default 0: any free port. */
  controlPort?: number;
  /** Folder for the CA and the like; default: a temporary one that `stop` removes. */
  folder?: string;
  /**
   * Start with a project in which there is nothing, and where the developer may deploy; instead of
   * `topology`.
   */
  empty?: boolean;
  /** Whether the services are started too; default true. */
  startServices?: boolean;
  /**
   * The program of an image, relative to the project's folder, `undefined` if there is no such image;
   * default: the service's source.
   */
  programOf?: (image: string) => string | undefined;
}

export const defaults = {
  project: 'demo-project',
  projectNumber: '123456789012',
  region: 'europe-west1',
  developer: 'developer@example.com',
} as const;
