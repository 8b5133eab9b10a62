import { allFields, type Dissection, type FieldChange } from '@lvscope/capture';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import * as m from '../paraglide/messages.js';
import { packets, usePackets } from './store.ts';
import * as styles from './inspector.module.css';

const PER_LINE = 16;
/** Of a long frame the first lines are shown; the rest is data. */
const MOST_BYTES = 512;

interface BytesProps {
  readonly dissection: Dissection;
  readonly before: Dissection | undefined;
  readonly changes: readonly FieldChange[];
}

/** The frame as bytes, sixteen a line; what the hop wrote anew is marked, what is pointed at stands out. */
export function Bytes({ dissection, changes }: BytesProps): ReactNode {
  const { bytes } = dissection;
  const changed = useMemo(() => changedBytes(dissection, changes), [dissection, changes]);
  const pointed = usePackets((state) => state.pointed);
  const lines: ReactNode[] = [];
  const shown = Math.min(bytes.length, MOST_BYTES);
  for (let at = 0; at < shown; at += PER_LINE) {
    lines.push(
      <Line key={at} at={at} bytes={bytes} changed={changed} pointed={pointed} dissection={dissection} />,
    );
  }
  return (
    <div className={styles.bytes} role="region" aria-label={m.inspector_bytes()} tabIndex={0}>
      {lines}
      {bytes.length > shown && (
        <p className={styles.more}>{m.inspector_more({ count: bytes.length - shown })}</p>
      )}
    </div>
  );
}

function changedBytes(dissection: Dissection, changes: readonly FieldChange[]): ReadonlySet<number> {
  const names = new Map(
    changes.filter(({ after }) => after !== undefined).map((one) => [one.name, one.after]),
  );
  const places = new Set<number>();
  for (const field of allFields(dissection)) {
    if (names.get(field.name) !== field.text) continue;
    for (let i = 0; i < field.length; i++) places.add(field.start + i);
  }
  return places;
}

interface LineProps {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly changed: ReadonlySet<number>;
  readonly pointed: { readonly start: number; readonly length: number } | undefined;
  readonly dissection: Dissection;
}

function Line({ at, bytes, changed, pointed, dissection }: LineProps): ReactNode {
  const line = [...bytes.subarray(at, at + PER_LINE)];
  const isPointed = (place: number): boolean =>
    pointed !== undefined && place >= pointed.start && place < pointed.start + pointed.length;
  return (
    <div className={styles.line}>
      <span className={styles.place}>{at.toString(16).padStart(4, '0')}</span>
      <span className={styles.hex}>
        {line.map((byte, i) => (
          <span
            // bytes stay in their places
            key={at + i}
            data-changed={changed.has(at + i)}
            data-pointed={isPointed(at + i)}
            onMouseEnter={() => pointAt(dissection, at + i)}
            onMouseLeave={() => packets.setState({ pointed: undefined })}
          >
            {byte.toString(16).padStart(2, '0')}
          </span>
        ))}
      </span>
      <span className={styles.ascii} aria-hidden="true">
        {line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')}
      </span>
    </div>
  );
}

/** The field that a byte belongs to. */
function pointAt(dissection: Dissection, place: number): void {
  const field = dissection.layers
    .flatMap((layer) => layer.fields)
    .find(({ start, length }) => place >= start && place < start + length);
  packets.setState({
    pointed: field === undefined ? undefined : { start: field.start, length: field.length },
  });
}
