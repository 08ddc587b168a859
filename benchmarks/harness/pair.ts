import { join } from 'node:path';
import type { Contestant } from './contestants.ts';
import { audience, callerEmail, project, receiverEmail, topic } from './names.ts';
import { type Program, ServiceProcess } from './service-process.ts';
import type { StandIn } from './stand-in.ts';

/** How the caller reaches the receiver: straight, or through a TLS end as on Cloud Run. */
export type Route = 'direct' | 'tls';

/** A caller and the receiver behind it, listening. */
export interface Pair {
  caller: ServiceProcess;
  receiver: ServiceProcess;
  stop(): Promise<void>;
}

export interface Surroundings {
  standIn: StandIn;
  /** For logs. */
  folder: string;
}

let started = 0;

/** @param options.lifetimeSeconds of the caller's ID tokens */
export async function startPair(
  contestant: Contestant,
  surroundings: Surroundings,
  options: { route?: Route; lifetimeSeconds?: number } = {},
): Promise<Pair> {
  const { standIn } = surroundings;
  const receiver = await startReceiver(contestant.receiver, surroundings);
  const straight = `http://127.0.0.1:${receiver.port}`;
  const url = options.route === 'tls' ? await standIn.frontTo(receiver.port) : straight;
  const caller = await startCaller(contestant.caller, url, surroundings, options);
  return {
    caller,
    receiver,
    stop: async () => {
      await Promise.all([caller.stop(), receiver.stop()]);
    },
  };
}

export async function startReceiver(program: Program, surroundings: Surroundings) {
  return await start(program, surroundings, {
    ...(await surroundings.standIn.environmentFor(receiverEmail)),
    AUDIENCES: audience,
    ALLOWED_CALLERS: callerEmail,
    TOPIC: `projects/${project}/topics/${topic}`,
  });
}

export async function startCaller(
  program: Program,
  receiverUrl: string,
  surroundings: Surroundings,
  { lifetimeSeconds }: { lifetimeSeconds?: number } = {},
) {
  return await start(program, surroundings, {
    ...(await surroundings.standIn.environmentFor(callerEmail, lifetimeSeconds)),
    RECEIVER_URL: receiverUrl,
    RECEIVER_AUDIENCE: audience,
  });
}

function start(
  program: Program,
  { folder }: Surroundings,
  environment: Record<string, string>,
): Promise<ServiceProcess> {
  started += 1;
  const logFile = join(folder, `${started}.log`);
  return ServiceProcess.start({ program, environment, logFile });
}
