import { spawnSync } from 'node:child_process';

// `npm audit` of what goes into production, for machines where the registry may not answer: a known
// vulnerability of level high or worse fails, an audit that cannot be had is skipped with one line.

interface Audit {
  vulnerabilities?: Record<string, { severity: string }>;
  /** Why the registry gave no answer; npm's own failures have an error with a code instead. */
  message?: string;
  error?: { summary?: string };
}

const scope = ['--omit=dev', '--omit=optional', '--audit-level=high'];
const patience = ['--fetch-retries=0', '--fetch-timeout=20000'];
const { status, stdout, stderr } = spawnSync('npm', ['audit', '--json', ...scope, ...patience], {
  encoding: 'utf8',
});
const { vulnerabilities, message, error }: Audit = JSON.parse(stdout || '{}');
if (vulnerabilities) {
  const found = Object.entries(vulnerabilities).map(
    ([name, { severity }]) => `${name} (${severity})`,
  );
  process.stdout.write(`npm audit of production: ${found.join(', ') || 'nothing known'}\n`);
  process.exitCode = status ?? 1;
} else if (message) {
  process.stdout.write(`npm audit was skipped, the registry does not answer it: ${message}\n`);
} else {
  process.stderr.write(`npm audit failed: ${error?.summary ?? stderr}\n`);
  process.exitCode = 1;
}
