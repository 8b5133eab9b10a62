import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { packets, usePackets } from './store.ts';
import * as styles from './packets.module.css';

/** What stands at the bottom of the page: time, or the packets in it. */
export function DrawerSwitch(): ReactNode {
  const drawer = usePackets((state) => state.drawer);
  return (
    <span className={styles.choice} role="group" aria-label={m.drawer_label()}>
      <button
        type="button"
        aria-pressed={drawer === 'timeline'}
        onClick={() => packets.setState({ drawer: 'timeline' })}
      >
        {m.drawer_timeline()}
      </button>
      <button
        type="button"
        aria-pressed={drawer === 'packets'}
        onClick={() => packets.setState({ drawer: 'packets' })}
      >
        {m.drawer_packets()}
      </button>
    </span>
  );
}
