import type { LiveService } from '../live-service.ts';
import { listValue } from '../plan/list-value.ts';
import type { ResolvedService } from '../topology.ts';
import type { Finding } from './finding.ts';

type Difference = Omit<Finding, 'where'>;
type Update = (...flags: string[]) => string[];

/** What goes wrong when one of our variables is not as the topology has it. */
const consequences: Readonly<Record<string, string>> = {
  AUDIENCES: 'The receiver refuses every token that is not meant for one of its audiences: 401.',
  ALLOWED_CALLERS: 'The receiver lets in exactly who stands there: 403 for the others.',
  RECEIVER_URL: 'The caller calls that address, and asks for tokens that are meant for it.',
  TOPIC: "The receiver publishes there; its account has its role on the topology's topic only.",
};

/** Variables that make a service somebody else than its account. */
const credentials = new Set(['GOOGLE_APPLICATION_CREDENTIALS', 'GCE_METADATA_HOST']);

/** The environment, and the audiences that the service answers to besides its URLs. */
export function compareEnvironment(
  live: LiveService,
  { environment, customAudiences }: ResolvedService,
  update: Update,
): Difference[] {
  const wrong = Object.entries(environment).flatMap(([name, value]): Difference[] => {
    const found = live.environment[name];
    if (found === value) return [];
    return [
      {
        severity: 'error',
        code: 'environment',
        what: `${name} is ${describe(found)}, not ${value}`,
        why: consequences[name] ?? 'The service runs with another setting than the topology says.',
        mend: update(`--update-env-vars=${listValue([`${name}=${value}`])}`),
      },
    ];
  });
  // Only the names: nobody knows what the values hold.
  const extra = Object.keys(live.environment)
    .filter((name) => !(name in environment))
    .map(
      (name): Difference => ({
        severity: credentials.has(name) ? 'error' : 'warning',
        code: 'environment',
        what: `the variable ${name} is set, which is not in the topology`,
        why: credentials.has(name)
          ? 'It makes the service use other credentials than those of its own account.'
          : 'The next deployment from the topology takes it away. If it is meant, it belongs there.',
        mend: update(`--remove-env-vars=${name}`),
      }),
    );
  return [...wrong, ...extra, ...compareAudiences(live.customAudiences, customAudiences, update)];
}

function compareAudiences(
  live: readonly string[],
  wanted: readonly string[],
  update: Update,
): Difference[] {
  if ([...live].sort().join() === [...wanted].sort().join()) return [];
  const list = (audiences: readonly string[]) => audiences.join(', ') || 'none';
  return [
    {
      severity: 'error',
      code: 'custom-audiences',
      what: `its custom audiences are ${list(live)}, not ${list(wanted)}`,
      why: 'Cloud Run takes tokens that are meant for one of them, and no others but those for its URLs.',
      mend: update(
        wanted.length > 0
          ? `--set-custom-audiences=${listValue(wanted)}`
          : '--clear-custom-audiences',
      ),
    },
  ];
}

function describe(value: string | null | undefined): string {
  if (value === undefined) return 'not set';
  if (value === null) return 'taken from a secret';
  return value === '' ? 'empty' : value;
}
