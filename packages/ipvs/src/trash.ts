import { addTime, NEVER, type Simulation, seconds } from '@lvscope/des';
import { SCHEDULERS } from './schedulers/index.ts';
import type { Destination } from './service.ts';
import type { Ipvs } from './state.ts';
import { startTrash } from './ticks.ts';

/** How long nothing may refer to a deleted destination before it is freed (IP_VS_DEST_TRASH_PERIOD). */
const TRASH_SECONDS = 120;

/** Puts a deleted destination aside for its connections. `key` is the text of its service's key. */
export function discard(ipvs: Ipvs, sim: Simulation, destination: Destination, key: string): void {
  destination.idleSince = NEVER;
  ipvs.trash.push({ destination, key });
  startTrash(ipvs, sim);
}

/**
 * Takes a destination out of the trash to be used again, where the service's key and the server are the
 * same.
 */
export function reclaim(
  ipvs: Ipvs,
  key: string,
  isIt: (destination: Destination) => boolean,
): Destination | undefined {
  const index = ipvs.trash.findIndex((t) => t.key === key && isIt(t.destination));
  if (index < 0) return undefined;
  const { destination } = ipvs.trash[index]!;
  ipvs.trash.splice(index, 1);
  destination.idleSince = NEVER;
  return destination;
}

/** Whether a scheduler's cache holds it. */
function cached(ipvs: Ipvs, id: number): boolean {
  return ipvs.services.some((s) => SCHEDULERS[s.scheduler].refersTo?.(s, id) === true);
}

/**
 * Forgets what nothing refers to since 120 s; then the same server added again is a new one. The first look
 * at an idle destination only starts its clock, so that in effect it takes two to three minutes.
 * @returns whether anything is left
 */
export function emptyTrash(ipvs: Ipvs, sim: Simulation): boolean {
  let kept = 0;
  for (const trashed of ipvs.trash) {
    const destination = trashed.destination;
    const idle = destination.references === 0 && !cached(ipvs, destination.id);
    if (idle && destination.idleSince === NEVER) destination.idleSince = sim.now;
    else if (idle && sim.now >= addTime(destination.idleSince, seconds(TRASH_SECONDS))) {
      continue;
    }
    ipvs.trash[kept++] = trashed;
  }
  ipvs.trash.length = kept;
  return kept > 0;
}
