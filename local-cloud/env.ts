import { shellExports } from './environments.ts';
import { notRunning, readRunningState } from './state-file.ts';

// Exports for a shell: the developer's, or with the name of a service those that make a process that
// service.
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
  process.stdout.write(shellExports(environment ?? state.developerEnvironment));
}
