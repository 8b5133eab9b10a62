import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { changeDetail } from '../state/detail.ts';
import { usePage } from '../state/react.ts';
import { PacketDrawer } from './PacketDrawer.tsx';
import * as styles from './packets.module.css';

/** The packets; at connection level, where there are none, the way to them. */
export function Drawer(): ReactNode {
  const detail = usePage((state) => state.scenario?.detail);
  if (detail === 'packet') return <PacketDrawer />;
  return (
    <div className={styles.plain}>
      {m.packets_not_here()}
      <button type="button" onClick={() => void changeDetail('packet')}>
        {m.packets_run()}
      </button>
    </div>
  );
}
