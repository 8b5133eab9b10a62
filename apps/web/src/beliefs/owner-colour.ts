import type { Scenario } from '@lvscope/scenario';
import { markColour } from '../parts/server-mark.ts';
import { serverIndex } from '../state/select.ts';

const DIRECTOR_COLOURS = 3;

/** The colour of the host whose MAC is believed in: a server's own, a director's, grey for anybody else. */
export function ownerColour(scenario: Scenario | undefined, owner: string | undefined): string {
  const host = scenario?.hosts.find((one) => one.name === owner);
  if (scenario === undefined || host === undefined) return 'var(--rail)';
  if (host.role === 'realserver') return markColour(serverIndex(scenario, host.name));
  const directors = scenario.hosts.filter((one) => one.role === 'director');
  const index = directors.indexOf(host);
  return index < 0 ? 'var(--rail)' : `var(--director-${index % DIRECTOR_COLOURS})`;
}
