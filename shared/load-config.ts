import * as z from 'zod';

/** A configuration that cannot be used, with every fault of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads the environment by a schema whose keys are the variables' names. An empty variable counts as
 * absent.
 *
 * @throws {ConfigError} with all faults at once, each naming its variable.
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.output<Schema> {
  const present = Object.entries(environment).filter(([, value]) => value?.trim() !== '');
  const result = schema.safeParse(Object.fromEntries(present));
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map(({ path: [name, index], message }) =>
      typeof index === 'number'
        ? `${String(name)}, item ${index + 1}: ${message}`
        : `${String(name)}: ${message}`,
    ),
  );
}

const required = { error: 'is required' };

/** The variables that Cloud Run sets: https://cloud.google.com/run/docs/container-contract#env-vars */
export const cloudRunVariables = {
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number')
    .default(8080),
  K_SERVICE: z.string().optional(),
  K_REVISION: z.string().optional(),
};

export const logLevel = z
  .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    error: 'must be trace, debug, info, warn, error, fatal or silent',
  })
  .default('info');

/**
 * Requests that one instance works on at a time. The default is the largest concurrency that Cloud Run
 * can be set to (https://cloud.google.com/run/docs/about-concurrency): Cloud Run itself keeps to the
 * setting of the service, so what it sends on purpose is never refused, whatever that setting is.
 */
export const maxInFlight = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')
  .transform(Number)
  .default(1_000);

/**
 * An audience of ID tokens. The client library puts it into the metadata server's URL as it stands,
 * so characters that mean something there would silently ask for another audience.
 */
export const audience = z
  .string(required)
  .regex(/^[^\s#&%+,?]+$/, 'must not contain blanks, commas or any of # & % + ?')
  .max(1_000, 'is too long for an audience');

/** A list with commas between its items, blanks around them ignored; at least one item. */
export function commaList<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string(required)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((items) => !items.includes(''), 'must not have empty items between its commas')
    .pipe(z.array(item));
}

/** The origin of a service: https, or http on this machine, and nothing after the host. */
export const serviceUrl = z.string(required).transform((text, context) => {
  const url = URL.parse(text);
  const fault = url ? serviceUrlFault(url, text) : 'must be a URL such as https://name.run.app';
  if (fault) context.addIssue({ code: 'custom', message: fault });
  return url?.origin ?? text;
});

function serviceUrlFault(url: URL, text: string): string | undefined {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) {
    return 'must begin with https:// (http:// only for localhost): a token sent in the clear is given away';
  }
  if (url.username || url.password) return 'must not contain a user name or password';
  // The URL class drops a lone ? or #, so the text is looked at too.
  if (url.pathname !== '/' || /[?#]/.test(text)) {
    return 'must be the origin only, without a path, a query or a fragment';
  }
  return undefined;
}
