import type { FilterFault } from '@lvscope/capture';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { setFilter, usePackets } from './store.ts';
import * as styles from './packets.module.css';

const EXAMPLES = [
  'arp || tcp.flags.syn == 1',
  'tcp.flags.reset == 1',
  'icmp',
  'ip.addr == 192.168.1.6',
  'vrrp',
];

/** The display filter: what cannot be read is underlined at its place, and the list stays as it was. */
export function FilterField(): ReactNode {
  const text = usePackets((state) => state.filterText);
  const fault = usePackets((state) => state.fault);
  return (
    <div className={styles.filter}>
      <input
        className={styles.filterInput}
        aria-label={m.packets_filter()}
        aria-invalid={fault !== undefined}
        aria-describedby={fault === undefined ? undefined : 'filter-fault'}
        placeholder="arp || tcp.flags.syn == 1"
        list="filter-examples"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={text}
        onChange={(event) => setFilter(event.target.value)}
      />
      <datalist id="filter-examples">
        {EXAMPLES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </datalist>
      {fault !== undefined && <Fault fault={fault} text={text} />}
    </div>
  );
}

function Fault({ fault, text }: { readonly fault: FilterFault; readonly text: string }): ReactNode {
  const length = Math.max(1, fault.length);
  return (
    <div className={styles.fault} id="filter-fault" role="alert">
      <span
        className={styles.faultMark}
        aria-hidden="true"
        style={{ left: `${fault.at}ch`, width: `${length}ch` }}
      />
      {faultText(fault, text)}
    </div>
  );
}

/** `letter 5: found "sin", wanted a field` */
function faultText(fault: FilterFault, text: string): string {
  const found = fault.at >= text.length ? m.filter_end() : `“${fault.found}”`;
  return m.filter_fault({ place: fault.at + 1, found, wanted: wantedText(fault) });
}

function wantedText({ wanted }: FilterFault): string {
  switch (wanted) {
    case 'field':
      return m.filter_field();
    case 'comparison':
    case 'operator':
      return m.filter_operator();
    case 'number':
      return m.filter_number();
    case 'ipv4':
      return m.filter_ipv4();
    case 'mac':
      return m.filter_mac();
    case 'no-value':
      return m.filter_no_value();
    case 'closing':
      return m.filter_closing();
    case 'list':
      return m.filter_list();
  }
}
