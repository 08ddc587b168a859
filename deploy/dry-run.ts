import { targetVariables, unknownTarget } from './find-target.ts';
import { shellCommand } from './shell-quote.ts';

/** Commands and what to say above each of them. */
export interface ScriptStep {
  title: string;
  args: readonly string[];
}

/** The steps as a shell script; what only Google knows is asked for at its beginning. */
export function shellScript(steps: readonly ScriptStep[], project: string): string {
  const commands = steps.map(({ title, args }) => ({
    title,
    command: shellCommand(['gcloud', ...args], targetVariables),
  }));
  const needs = (reference: string) => commands.some(({ command }) => command.includes(reference));
  const lines = [
    '# All steps, without looking which of them are needed: it stops at the first that fails.',
    'set -eu',
  ];
  if (needs(unknownTarget.projectNumber)) {
    lines.push(
      `PROJECT_NUMBER="$(gcloud projects describe ${project} --format='value(projectNumber)')"`,
    );
  }
  if (needs(unknownTarget.deployer)) {
    lines.push(
      `DEPLOYER="user:$(gcloud config get account)" # of a service account: serviceAccount:…`,
    );
  }
  for (const { title, command } of commands) lines.push('', `# ${title}`, command);
  return `${lines.join('\n')}\n`;
}
