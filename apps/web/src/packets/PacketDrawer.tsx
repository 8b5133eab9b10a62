import { Download, Pin, PinOff, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { recordCapture } from '../state/run.ts';
import { FilterField } from './FilterField.tsx';
import { flowText } from './flow-text.ts';
import { PacketList } from './PacketList.tsx';
import { frameLog, packets, usePackets } from './store.ts';
import * as styles from './packets.module.css';

/** The packets that the wires carried: what is looked at, the filter, and the list. */
export function PacketDrawer(): ReactNode {
  return (
    <section className={styles.drawer} aria-label={m.packets_title()}>
      <div className={styles.bar}>
        <Place />
        <FilterField />
        <Followed />
        <FollowButton />
        <DownloadButton />
      </div>
      <PacketList />
    </section>
  );
}

/** Where the list listens: everywhere once, or at an interface, a host, a network. */
function Place(): ReactNode {
  const at = usePackets((state) => state.at);
  // interfaces come with the first frames
  usePackets((state) => state.version);
  const { interfaces } = frameLog;
  const networks = [...new Set(interfaces.map(({ network }) => network))];
  const hosts = [...new Set(interfaces.map(({ host }) => host))];
  return (
    <select
      className={styles.place}
      aria-label={m.packets_place()}
      value={at}
      onChange={(event) => packets.setState({ at: event.target.value })}
    >
      <option value="">{m.packets_everywhere()}</option>
      <optgroup label={m.packets_interfaces()}>
        {interfaces.map(({ id, label }) => (
          <option key={id}>{label}</option>
        ))}
      </optgroup>
      <optgroup label={m.packets_hosts()}>
        {hosts.map((host) => (
          <option key={host}>{host}</option>
        ))}
      </optgroup>
      <optgroup label={m.packets_networks()}>
        {networks.map((network) => (
          <option key={network}>{network}</option>
        ))}
      </optgroup>
    </select>
  );
}

/** The connection that is followed, and the way out of it. */
function Followed(): ReactNode {
  const flow = usePackets((state) => state.flow);
  if (flow === undefined) return null;
  return (
    <button
      type="button"
      className={styles.followed}
      onClick={() => packets.setState({ flow: undefined })}
      title={m.packets_unfollow()}
    >
      {m.packets_followed({ flow: flowText(flow) })} <X size={12} aria-hidden="true" />
    </button>
  );
}

function FollowButton(): ReactNode {
  const following = usePackets((state) => state.following);
  const name = following ? m.packets_hold() : m.packets_newest();
  return (
    <button
      type="button"
      className={styles.tool}
      aria-pressed={following}
      title={name}
      onClick={() => packets.setState({ following: !following })}
    >
      {following ? <Pin size={13} aria-hidden="true" /> : <PinOff size={13} aria-hidden="true" />}
      {following ? m.packets_following() : m.packets_held()}
    </button>
  );
}

/** The run up to now as a file for Wireshark: of the place that the list listens at. */
function DownloadButton(): ReactNode {
  const [busy, setBusy] = useState(false);
  const at = usePackets((state) => state.at);
  const download = async (): Promise<void> => {
    setBusy(true);
    try {
      const { bytes } = await recordCapture(at);
      save(bytes, `lvscope${at === '' ? '' : `-${at.replace(':', '-')}`}.pcapng`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      className={styles.tool}
      disabled={busy}
      title={m.packets_download()}
      onClick={() => void download()}
    >
      <Download size={13} aria-hidden="true" /> pcapng
    </button>
  );
}

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/x-pcapng' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
