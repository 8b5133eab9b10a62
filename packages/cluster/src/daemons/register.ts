import { DAEMONS } from '../processes/daemons.ts';
import { HEARTBEAT } from './heartbeat.ts';
import { KEEPALIVED } from './keepalived.ts';
import { LDIRECTORD } from './ldirectord.ts';
import { PULSE } from './pulse.ts';

/** The daemons of high availability, by the names that start them. */
export function registerDaemons(): void {
  DAEMONS.set('keepalived', KEEPALIVED);
  DAEMONS.set('heartbeat', HEARTBEAT);
  DAEMONS.set('ldirectord', LDIRECTORD);
  DAEMONS.set('pulse', PULSE);
}
