import type { CapacityAssumptions, Method } from '@lvscope/scenario';
import { openLink } from '../state/link.ts';
import { page } from '../state/store.ts';
import { withRun } from './assumptions.ts';

const METHODS: readonly Method[] = ['nat', 'tun', 'dr'];
const SERVERS = [10, 20, 30, 40, 60, 80, 100] as const;

/** A measurement under way; `stop` ends it, points that are there stay. */
export interface Measurement {
  readonly stop: () => void;
}

/**
 * Measures the curve point by point in a worker of its own, so that the run on the stage goes on.
 * @param onEnd called once, when all points are there or the worker died
 */
export function measureCurve(assumptions: CapacityAssumptions, onEnd: () => void): Measurement {
  const link = openLink(onEnd);
  let stopped = false;
  const measure = async (): Promise<void> => {
    for (const servers of SERVERS) {
      for (const method of METHODS) {
        const point = await link.api.capacity(method, servers, assumptions);
        if (stopped) return;
        const run = { method, servers, offered: point.offeredPerSecond, answered: point.answeredPerSecond };
        page.setState(({ capacityRuns }) => ({ capacityRuns: withRun(capacityRuns, run) }));
      }
    }
  };
  page.setState({ capacityRuns: [] });
  void measure().finally(() => {
    if (stopped) return;
    link.end();
    onEnd();
  });
  return {
    stop: () => {
      stopped = true;
      link.end();
    },
  };
}
