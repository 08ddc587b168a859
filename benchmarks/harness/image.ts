/** What a container image starts: Node's arguments and the variables that it sets. */
export interface ImageConfig {
  args: string[];
  environment: Record<string, string>;
}

/**
 * Reads it from the last stage of a Dockerfile, so that what is measured cannot drift from what is deployed.
 * Paths in the image's working folder become paths in `root`.
 *
 * @throws {Error} without a CMD in its JSON form.
 */
export function readImageConfig(dockerfile: string, root: string): ImageConfig {
  const lines = dockerfile.replaceAll('\\\n', ' ').split('\n');
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const workingFolder = lastValue(stage, 'WORKDIR') ?? '/';
  const command = lastValue(stage, 'CMD');
  if (command === undefined) throw new Error('the Dockerfile has no CMD');
  const here = (value: string) =>
    value.startsWith(`${workingFolder}/`) ? root + value.slice(workingFolder.length) : value;
  // The base image's entry point is Node; one that the Dockerfile names begins with it.
  const entryPoint: string[] = JSON.parse(lastValue(stage, 'ENTRYPOINT') ?? '["node"]').slice(1);
  const environment = stage
    .filter((line) => line.startsWith('ENV '))
    .flatMap((line) => [...line.slice(4).matchAll(/([A-Z_a-z]\w*)=("[^"]*"|\S+)/g)])
    .map(([, name, value]) => [name, here(String(value).replaceAll('"', ''))]);
  return {
    args: [...entryPoint, ...(JSON.parse(command) as string[])].map(here),
    environment: Object.fromEntries(environment),
  };
}

function lastValue(stage: readonly string[], instruction: string): string | undefined {
  return stage
    .findLast((line) => line.startsWith(`${instruction} `))
    ?.slice(instruction.length)
    .trim();
}
