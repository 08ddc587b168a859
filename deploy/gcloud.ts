import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { z } from 'zod';
import { shellCommand } from './shell-quote.ts';

/** A command of gcloud failed; the message is gcloud's own, without its prefix. */
export class GcloudError extends Error {
  override readonly name = 'GcloudError';
  readonly args: readonly string[];
  /** As it can be typed again. */
  readonly command: string;

  constructor(args: readonly string[], stderr: string) {
    super(plainMessage(stderr) || 'gcloud failed and did not say why');
    this.args = args;
    this.command = gcloudCommand(args);
  }
}

/** There is no gcloud on the PATH. */
export class GcloudMissingError extends Error {
  override readonly name = 'GcloudMissingError';

  constructor() {
    super('gcloud is not on the PATH. Install it: https://cloud.google.com/sdk/docs/install');
  }
}

export interface GcloudOptions {
  /** Receives each line of output (of both streams) while the command runs. */
  onLine?: (line: string) => void;
  /** Ends the command. */
  signal?: AbortSignal;
}

/**
 * Runs gcloud with `args` and returns what it wrote to stdout.
 * @throws {GcloudError} when it fails
 * @throws {GcloudMissingError}
 */
export type Gcloud = (args: readonly string[], options?: GcloudOptions) => Promise<string>;

/** The gcloud of the PATH, with the configuration of whoever runs this: it is they who act. */
export function gcloudOnPath(environment: NodeJS.ProcessEnv): Gcloud {
  return (args, { onLine, signal } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('gcloud', args, {
        // Without a terminal, a question would wait for ever.
        env: { ...environment, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal ? { signal } : {}),
      });
      const written = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          written[name] += text;
        });
        if (onLine) {
          createInterface({ input: child[name] }).on('line', (line) =>
            onLine(stripVTControlCharacters(line)),
          );
        }
      }
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') reject(new GcloudMissingError());
        else
          reject(
            new GcloudError(args, error.name === 'AbortError' ? 'Interrupted.' : error.message),
          );
      });
      child.once('close', (code, killedBy) => {
        if (code === 0) resolve(written.stdout);
        else reject(new GcloudError(args, killedBy ? 'Interrupted.' : written.stderr));
      });
    });
}

/** The command as a person would type it. */
export function gcloudCommand(args: readonly string[]): string {
  return shellCommand(['gcloud', ...args]);
}

/**
 * What a reading command answers as JSON, checked.
 * @throws {GcloudError} when the command fails or answers something else
 */
export async function readJson<T>(
  gcloud: Gcloud,
  args: readonly string[],
  schema: z.ZodType<T>,
  options?: GcloudOptions,
): Promise<T> {
  const command = [...args, '--format=json'];
  const output = await gcloud(command, options);
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    throw new GcloudError(command, 'gcloud printed something that is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new GcloudError(command, `gcloud printed something unexpected: ${parsed.error.message}`);
}

/** Whether a command failed because what it is about does not exist. */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof GcloudError &&
    /NOT_FOUND|Cannot find service|Service \[[^\]]*\] could not be found|status=\[?404/.test(
      error.message,
    )
  );
}

/** `ERROR: (gcloud.run.services.describe) Cannot find …` → `Cannot find …` */
function plainMessage(stderr: string): string {
  const [, message] = /^ERROR: (?:\(gcloud[^)]*\) )?([\s\S]*)/m.exec(stderr) ?? [];
  // gcloud underlines names even where there is no terminal.
  return stripVTControlCharacters(message ?? stderr).trim();
}
