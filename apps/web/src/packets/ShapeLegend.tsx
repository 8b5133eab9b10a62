import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import type { KINDS } from './classify.ts';
import { shapePath } from './sprites.ts';
import * as styles from './frame-layer.module.css';

type Kind = (typeof KINDS)[number];

const SHOWN: readonly (readonly [Kind, string])[] = [
  ['syn', 'SYN'],
  ['data', 'data'],
  ['ack', 'ACK'],
  ['fin', 'FIN'],
  ['rst', 'RST'],
  ['arp', 'ARP'],
  ['icmp', 'ICMP'],
  ['udp', 'UDP'],
  ['vrrp', 'VRRP'],
];

/** What shapes, filled and hollow, and an envelope mean. */
export function ShapeLegend(): ReactNode {
  return (
    <p className={styles.legend} aria-hidden="true">
      <Shape kind="data" />
      {m.stage_request()}
      <Shape kind="data" hollow />
      {m.stage_reply()}
      {SHOWN.map(([kind, word]) => (
        <span key={kind}>
          <Shape kind={kind} /> {word === 'data' ? m.shape_data() : word}
        </span>
      ))}
      <svg width="15" height="11" viewBox="-1 -1 20 15">
        <path d="M0 0H18V13H0ZM0 0L9 6L18 0" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </svg>
      IPIP
    </p>
  );
}

function Shape({ kind, hollow = false }: { readonly kind: Kind; readonly hollow?: boolean }): ReactNode {
  return (
    <svg width="10" height="10" viewBox="-0.5 -0.5 11 11">
      <path
        d={shapePath(kind)}
        fill={hollow ? 'none' : 'currentColor'}
        stroke="currentColor"
        strokeWidth={hollow ? 1.6 : 0}
      />
    </svg>
  );
}
