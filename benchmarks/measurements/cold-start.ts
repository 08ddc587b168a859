import { join } from 'node:path';
import type { Bench } from '../harness/bench.ts';
import { emptyExpress, fromSource, type ServiceName } from '../harness/contestants.ts';
import { postUntilPublished } from '../harness/first-request.ts';
import { callerEmail } from '../harness/names.ts';
import { canDropPageCache, dropPageCache } from '../harness/page-cache.ts';
import { startCaller, startReceiver } from '../harness/pair.ts';
import { type Program, ServiceProcess } from '../harness/service-process.ts';

/** Milliseconds from the start of the process. */
export interface Start {
  listening: number;
  /** Until the first authorized 201; absent where there is nothing to ask for. */
  published?: number;
}

export const startedForms = ['bundle', 'source', 'sample-style'] as const;
export type StartedForm = (typeof startedForms)[number];

/** One start of everything. */
export interface StartRound {
  emptyExpress: Start;
  /** With Node's compile cache filled, as our images have it. */
  emptyExpressCompiled: Start;
  caller: Record<StartedForm, Start>;
  receiver: Record<StartedForm, Start>;
}

export interface ColdStart {
  warmCache: StartRound[];
  /** Undefined where the page cache may not be emptied. */
  coldCache?: StartRound[];
}

/**
 * Starts each service beside a partner that is warm, as on Cloud Run, where a request waits until the port of
 * its instance is open.
 */
export async function measureColdStart(bench: Bench, rounds: number): Promise<ColdStart> {
  const starts = await prepare(bench);
  const inTurn = async (count: number, before: () => void) => {
    const measured: StartRound[] = [];
    for (let round = 0; round < count; round += 1) measured.push(await startAll(starts, before));
    return measured;
  };
  // The first start of all finds nobody's pages, and is no warm one.
  await inTurn(1, () => {});
  const warmCache = await inTurn(rounds, () => {});
  if (!canDropPageCache()) return { warmCache };
  return { warmCache, coldCache: await inTurn(Math.ceil(rounds / 2), dropPageCache) };
}

interface Starts {
  emptyExpress: () => Promise<Start>;
  emptyExpressCompiled: () => Promise<Start>;
  caller: Record<StartedForm, () => Promise<Start>>;
  receiver: Record<StartedForm, () => Promise<Start>>;
}

async function prepare(bench: Bench): Promise<Starts> {
  const partner = (await bench.pair('ours')).receiver;
  const receiverUrl = `http://127.0.0.1:${partner.port}`;
  const [token = ''] = await bench.standIn.distinctTokens(callerEmail, 1);
  const compiled = { NODE_COMPILE_CACHE: join(bench.folder, 'compile-cache') };
  // Ends by itself, and so leaves behind what it has compiled.
  await startEmpty(bench, compiled);
  const caller = (program: Program) => async () =>
    await timed(await startCaller(program, receiverUrl, bench));
  const receiver = (program: Program) => async () =>
    await timed(await startReceiver(program, bench), token);
  const forms = (service: ServiceName, start: typeof caller) => ({
    bundle: start(bench.contestants.ours[service]),
    source: start(fromSource(service)),
    'sample-style': start(bench.contestants['sample-style'][service]),
  });
  return {
    emptyExpress: () => startEmpty(bench, {}),
    emptyExpressCompiled: () => startEmpty(bench, compiled),
    caller: forms('caller', caller),
    receiver: forms('receiver', receiver),
  };
}

async function startAll(starts: Starts, before: () => void): Promise<StartRound> {
  const startForms = async (forms: Starts['caller']) => {
    const measured: Partial<Record<StartedForm, Start>> = {};
    for (const form of startedForms) {
      before();
      measured[form] = await forms[form]();
    }
    return measured as Record<StartedForm, Start>;
  };
  before();
  const emptyExpress = await starts.emptyExpress();
  before();
  return {
    emptyExpress,
    emptyExpressCompiled: await starts.emptyExpressCompiled(),
    caller: await startForms(starts.caller),
    receiver: await startForms(starts.receiver),
  };
}

async function timed(service: ServiceProcess, token?: string): Promise<Start> {
  await postUntilPublished(service.port, token);
  const published = performance.now() - service.startedAt;
  await service.stop();
  return { listening: service.listeningAfterMs, published };
}

async function startEmpty(
  { folder, standIn }: Bench,
  more: Record<string, string>,
): Promise<Start> {
  const service = await ServiceProcess.start({
    program: emptyExpress(join(folder, 'bundles')),
    environment: { ...(await standIn.environmentFor(callerEmail)), ...more },
    logFile: join(folder, 'empty-express.log'),
  });
  await service.stop('SIGTERM');
  return { listening: service.listeningAfterMs };
}
