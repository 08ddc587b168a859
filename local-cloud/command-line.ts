import { parseArgs } from 'node:util';
import { FolderError } from './folder.ts';

/** Ports unless told otherwise; 0 would be any free one. */
const defaultPorts = { caller: 8080, receiver: 8081, proxy: 8082, control: 4000 };

export const usage = `npm start -- [options]

Starts the local cloud and both services, until Ctrl-C.

  --caller-port PORT    reach the caller as the developer   (default ${defaultPorts.caller})
  --receiver-port PORT  reach the receiver as the developer (default ${defaultPorts.receiver})
  --proxy-port PORT     the proxy that plays Google         (default ${defaultPorts.proxy})
  --control-port PORT   the control API                     (default ${defaultPorts.control})
  --empty               a project with nothing in it, to deploy into
  --help                this text

A PORT of 0 is any free one.
`;

export interface Arguments {
  help: boolean;
  empty: boolean;
  ports: Record<keyof typeof defaultPorts, number>;
}

/** A command line that cannot be understood; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} naming the argument that is wrong */
export function parseCommandLine(args: readonly string[]): Arguments {
  const port = { type: 'string' } as const;
  let values: { [name: string]: string | boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        'caller-port': port,
        'receiver-port': port,
        'proxy-port': port,
        'control-port': port,
        empty: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
  const portOf = (name: keyof typeof defaultPorts) => {
    const value = values[`${name}-port`];
    if (value === undefined) return defaultPorts[name];
    if (!/^\d{1,5}$/.test(String(value)) || Number(value) > 65_535) {
      throw new UsageError(`--${name}-port must be a port number from 0 to 65535.`);
    }
    return Number(value);
  };
  return {
    help: values.help === true,
    empty: values.empty === true,
    ports: {
      caller: portOf('caller'),
      receiver: portOf('receiver'),
      proxy: portOf('proxy'),
      control: portOf('control'),
    },
  };
}

/** What keeps the local cloud from starting, in one sentence with what to do. */
export function explainStartFailure(error: unknown, ports: Arguments['ports']): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  const flag = Object.entries(ports).find(([, taken]) => taken === port && port !== 0)?.[0];
  if (flag && code === 'EADDRINUSE') {
    return `Port ${port} is in use already: choose another one with --${flag}-port, for example npm start -- --${flag}-port 0`;
  }
  if (flag && code === 'EACCES') {
    return `Port ${port} needs more rights than you have: choose one above 1023 with --${flag}-port`;
  }
  if (error instanceof FolderError) return message;
  return `The local cloud could not start: ${message}`;
}
