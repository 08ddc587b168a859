import { parentPort, workerData } from 'node:worker_threads';
import { goodTraffic, probeTraffic } from './good-traffic.ts';
import { hostileTraffic } from './hostile-traffic.ts';
import { type LoadPlan, runOpenLoop } from './open-loop.ts';
import type { Traffic, TrafficPlan } from './traffic.ts';

/** The thread of a {@link LoadGenerator}: traffic of one kind, so that none waits for another to be sent. */
function trafficOf(plan: TrafficPlan): Traffic {
  switch (plan.kind) {
    case 'good':
      return goodTraffic(plan.port);
    case 'probe':
      return probeTraffic(plan.port);
    case 'hostile':
      return hostileTraffic(plan.port, plan);
  }
}

const traffic = trafficOf(workerData);
parentPort?.on('message', async (plan: LoadPlan) => {
  const result = await runOpenLoop(plan, traffic.send);
  parentPort?.postMessage(result, [result.latenciesMs.buffer]);
});
