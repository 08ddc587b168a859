import { shellExports, shellUnsets } from './environments.ts';
import { notRunning, readRunningState } from './state-file.ts';

// Exports for a shell: the developer's, or with the name of a service those that make a process that
// service. What the shell has inherited and would lead it elsewhere is unset.
const [service] = process.argv.slice(2);
const state = await readRunningState();
const environment = service === undefined ? undefined : state?.services[service]?.environment;
if (!state) {
  process.stderr.write(notRunning);
  process.exitCode = 1;
} else if (service !== undefined && !environment) {
  const names = Object.keys(state.services).join(', ');
  process.stderr.write(`There is no service ${service}. There are: ${names}\n`);
  process.exitCode = 1;
} else {
  const { CLOUDSDK_CONFIG = '' } = state.developerEnvironment;
  // A container has no home folder with a person's credentials; libraries would take those first.
  const variables = environment ? { ...environment, CLOUDSDK_CONFIG } : state.developerEnvironment;
  process.stdout.write(shellUnsets(process.env, variables) + shellExports(variables));
}
