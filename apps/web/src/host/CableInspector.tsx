import { Popover } from '@base-ui/react/popover';
import { Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { FaultButton } from '../faults/FaultMenu.tsx';
import { askAgain } from '../parts/ask-again.ts';
import { useKept } from '../parts/useKept.ts';
import * as m from '../paraglide/messages.js';
import { cableOf } from '../state/questions.ts';
import type { CableState } from '../worker/api.ts';
import { integer } from '../words/format.ts';
import { bits, lossText, microseconds, ratesOf } from './cable-figures.ts';
import type { CableEnd } from './Cables.tsx';
import * as styles from './host.module.css';

const ASK_EVERY_MS = 300;

interface CableInspectorProps {
  readonly network: string;
  readonly ends: readonly CableEnd[];
}

/** What a segment is made of, and what goes through each end of the cable. */
export function CableInspector({ network, ends }: CableInspectorProps): ReactNode {
  const readings = useReadings(ends);
  const first = readings[0]?.now;
  return (
    <>
      <div className={styles.head}>
        <Popover.Title className={styles.title}>
          {network} <span>{ends.map(({ host, nic }) => `${host} ${nic}`).join(' – ')}</span>
        </Popover.Title>
        {ends[0] !== undefined && (
          <FaultButton
            host={ends[0].host}
            nic={ends[0].nic}
            button={
              <button type="button" className={styles.act}>
                <Zap size={13} /> {m.faults_button()}
              </button>
            }
          />
        )}
      </div>
      {first !== undefined && <Segment cable={first} />}
      <table className={styles.figures}>
        <thead>
          <tr>
            <td />
            {readings.map(({ now }) => (
              <th key={now.host} scope="col">
                {now.host} {now.interface}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name={m.cable_state()} readings={readings} of={({ now }) => (now.up ? 'UP' : 'DOWN')} />
          <Row name={m.cable_out()} readings={readings} of={(one) => `${bits(ratesOf(one).out)}/s`} />
          <Row name={m.cable_in()} readings={readings} of={(one) => `${bits(ratesOf(one).in)}/s`} />
          <Row
            name={m.cable_queue()}
            readings={readings}
            of={({ now }) => `${integer(now.waitingPackets)} / ${integer(now.queuePackets)}`}
          />
          <Row name={m.cable_sent()} readings={readings} of={({ now }) => integer(now.sentPackets)} />
          <Row name={m.cable_received()} readings={readings} of={({ now }) => integer(now.receivedPackets)} />
          <Row name={m.cable_dropped()} readings={readings} of={({ now }) => integer(now.droppedPackets)} />
        </tbody>
      </table>
    </>
  );
}

/** Two looks at one end of a cable. */
export interface Reading {
  readonly before: CableState | undefined;
  readonly now: CableState;
}

function useReadings(cable: readonly CableEnd[]): readonly Reading[] {
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  const ends = useKept(cable.map(({ host, nic }) => `${host}/${nic}`).join(), cable);
  useEffect(
    () =>
      askAgain(
        ASK_EVERY_MS,
        async () => Promise.all(ends.map(async ({ host, nic }) => cableOf(host, nic))),
        (states) =>
          setReadings((had) =>
            states.flatMap((now, i) => (now === undefined ? [] : [{ before: earlier(had[i], now), now }])),
          ),
      ),
    [ends],
  );
  return readings;
}

/** The look before, kept while time stands still. */
function earlier(had: Reading | undefined, now: CableState): CableState | undefined {
  if (had === undefined || had.now.atNs > now.atNs) return undefined;
  return had.now.atNs === now.atNs ? had.before : had.now;
}

function Segment({ cable }: { readonly cable: CableState }): ReactNode {
  const facts: readonly (readonly [string, string])[] = [
    [
      m.cable_bandwidth(),
      cable.bandwidthBitsPerSecond === 0 ? '∞' : `${bits(cable.bandwidthBitsPerSecond)}/s`,
    ],
    [m.cable_delay(), microseconds(cable.delayNs)],
    [m.cable_jitter(), microseconds(cable.jitterNs)],
    [m.cable_loss(), lossText(cable.loss)],
    ['MTU', integer(cable.mtu)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface RowProps {
  readonly name: string;
  readonly readings: readonly Reading[];
  readonly of: (reading: Reading) => string;
}

function Row({ name, readings, of }: RowProps): ReactNode {
  return (
    <tr>
      <th scope="row">{name}</th>
      {readings.map((reading) => {
        const text = of(reading);
        return (
          <td key={reading.now.host} className={text === 'DOWN' ? styles.down : ''}>
            {text}
          </td>
        );
      })}
    </tr>
  );
}
