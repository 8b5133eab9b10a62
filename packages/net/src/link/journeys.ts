import type { LinkLayer } from './state.ts';

function makeRoom(link: LinkLayer, packet: number): void {
  if (packet < link.journeys.length) return;
  const wider = new Float64Array(Math.max(packet + 1, 2 * link.journeys.length));
  wider.set(link.journeys);
  link.journeys = wider;
}

/** A packet that goes onto a wire for the first time begins a journey. */
export function noteJourney(link: LinkLayer, packet: number): void {
  makeRoom(link, packet);
  if (link.journeys[packet] === 0) link.journeys[packet] = link.nextJourney++;
}

/** A copy, or a piece, travels on the journey of the packet that it was made of. */
export function shareJourney(link: LinkLayer, from: number, to: number): void {
  makeRoom(link, to);
  link.journeys[to] = link.journeys[from] ?? 0;
}
