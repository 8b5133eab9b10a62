import type { ServerHealth } from '@lvscope/cluster';
import * as m from '../paraglide/messages.js';

/** The word for how a server is. */
export function healthText(health: ServerHealth): string {
  switch (health) {
    case 'up':
      return m.health_up();
    case 'link-down':
      return m.health_link_down();
    case 'refusing':
      return m.health_refusing();
    case 'hung':
      return m.health_hung();
    case 'off':
      return m.health_off();
  }
}
