import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Rollback } from '../../local-cloud/rollback.ts';
import { CloudUnderTest } from './cloud-under-test.ts';
import { type Figure, holds, judgedQuickly } from './figure.ts';
import { hostile } from './hostile.ts';
import { keepResults } from './keep-results.ts';
import { LoadGenerator } from './load-generator.ts';
import { describeMachine } from './machine.ts';
import { type Durations, type LoadOptions, parseLoadOptions, usage } from './options.ts';
import type { Phase } from './phase.ts';
import { textTable } from './report.ts';
import { soak } from './soak.ts';
import { steady } from './steady.ts';

const root = join(import.meta.dirname, '../..');
const phases = { steady, hostile, soak };

const print = (text: string) => void process.stdout.write(`${text}\n`);

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

function readOptions(): LoadOptions {
  try {
    return parseLoadOptions(process.argv.slice(2), join(root, 'benchmarks/results'));
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${usage}`);
  }
}

async function run(phase: Phase, durations: Durations, rollback: Rollback): Promise<Figure[]> {
  const began = performance.now();
  try {
    return await phase({
      durations,
      startCloud: async (lifetimes) => {
        const cloud = await CloudUnderTest.start(lifetimes);
        rollback.add(() => cloud.stop());
        return cloud;
      },
      generatorOf: (plan) => {
        const generator = new LoadGenerator(plan);
        rollback.add(() => generator.stop());
        return generator;
      },
      progress: (line) =>
        print(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}`),
    });
  } finally {
    await rollback.run();
  }
}

const options = readOptions();
if (options.help) {
  print(usage);
  process.exit(0);
}
if (process.platform !== 'linux') fail('This reads /proc, so it needs Linux.');

let running = new Rollback();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void running.run().then(() => process.exit(130)));
}
const machine = describeMachine();
try {
  await promisify(execFile)(process.execPath, ['build.ts'], { cwd: root });
  const measured: Figure[] = [];
  for (const name of options.phases) {
    print(name);
    running = new Rollback();
    measured.push(...(await run(phases[name], options.durations, running)));
  }
  const figures = options.quick ? judgedQuickly(measured) : measured;
  print(`\n${textTable(figures)}`);
  if (options.out !== undefined) {
    const path = keepResults(options.out, { figures, machine, durations: options.durations });
    print(`\nKept in ${path}.json and .md.`);
  }
  const missed = figures.filter((figure) => !holds(figure)).length;
  print(
    missed === 0
      ? `\nEverything ${options.quick ? 'that seconds can tell' : 'promised'} holds.`
      : `\n${missed} promises are missed.`,
  );
  process.exitCode = missed === 0 ? 0 : 1;
} catch (error) {
  await running.run();
  fail(error);
}
