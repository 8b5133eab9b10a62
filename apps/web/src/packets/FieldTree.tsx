import type { Dissection, Field, FieldChange, Layer } from '@lvscope/capture';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { packets, usePackets } from './store.ts';
import * as styles from './inspector.module.css';

interface FieldTreeProps {
  readonly dissection: Dissection;
  readonly changes: readonly FieldChange[];
}

/** Layers and fields as Wireshark names them; what the hop changed is marked. */
export function FieldTree({ dissection, changes }: FieldTreeProps): ReactNode {
  const gone = changes.filter(({ after }) => after === undefined);
  return (
    <div className={styles.tree} role="region" aria-label={m.inspector_tree()} tabIndex={0}>
      {dissection.layers.map((layer, i) => (
        // layers of one frame stay in their places
        <LayerPart key={`${layer.name}/${i}`} layer={layer} changes={changesOf(dissection, i, changes)} />
      ))}
      {gone.length > 0 && (
        <p className={styles.gone}>
          {m.inspector_gone()} {gone.map(({ name, before }) => `${name} ${before ?? ''}`).join(' · ')}
        </p>
      )}
    </div>
  );
}

/** Of several layers of a kind, the innermost stands for the one that was there before. */
function changesOf(
  { layers }: Dissection,
  place: number,
  changes: readonly FieldChange[],
): ReadonlyMap<string, FieldChange> {
  const name = layers[place]?.name ?? '';
  const outer = layers.findLastIndex((layer) => layer.name === name) !== place;
  const own = changes.filter(
    (change) => change.after !== undefined && (change.before === undefined) === outer,
  );
  return new Map(own.map((change) => [change.name, change]));
}

interface LayerPartProps {
  readonly layer: Layer;
  readonly changes: ReadonlyMap<string, FieldChange>;
}

function LayerPart({ layer, changes }: LayerPartProps): ReactNode {
  const [open, setOpen] = useState(true);
  const { title, start, length, fields } = layer;
  return (
    <div className={styles.layer} data-layer={layer.name}>
      <button
        type="button"
        className={styles.layerTitle}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onMouseEnter={() => point(start, length)}
        onMouseLeave={() => point(0, 0)}
      >
        {title}
      </button>
      {open &&
        fields.map((field) => (
          <FieldLine key={`${field.name}/${field.start}`} field={field} changes={changes} />
        ))}
    </div>
  );
}

function point(start: number, length: number): void {
  packets.setState({ pointed: length === 0 ? undefined : { start, length } });
}

interface FieldLineProps {
  readonly field: Field;
  readonly changes: ReadonlyMap<string, FieldChange>;
}

function FieldLine({ field, changes }: FieldLineProps): ReactNode {
  const change = changes.get(field.name);
  const pointed = usePackets(
    ({ pointed: at }) => at !== undefined && at.start >= field.start && at.start < field.start + field.length,
  );
  const [open, setOpen] = useState(false);
  const parts = field.children.length;
  return (
    <>
      <div
        className={styles.field}
        data-field={field.name}
        data-changed={change !== undefined}
        data-pointed={pointed}
        onMouseEnter={() => point(field.start, field.length)}
        onMouseLeave={() => point(0, 0)}
      >
        <span className={styles.label}>
          {parts > 0 && (
            <button
              type="button"
              className={styles.fold}
              aria-expanded={open}
              aria-label={m.inspector_parts({ field: field.label })}
              onClick={() => setOpen(!open)}
            />
          )}
          {field.label}
        </span>
        <span className={styles.value}>
          {change?.before !== undefined && (
            <>
              <del>{change.before}</del> <i aria-hidden="true">→</i>{' '}
            </>
          )}
          {field.text}
        </span>
      </div>
      {(open ? field.children : []).map((child, i) => (
        <div
          // parts of a field stay in their places
          key={`${child.name}/${i}`}
          className={styles.part}
          data-field={child.name}
          onMouseEnter={() => point(child.start, child.length)}
          onMouseLeave={() => point(0, 0)}
        >
          <span className={styles.label}>{child.label}</span>
          <span className={styles.value}>{child.text}</span>
        </div>
      ))}
    </>
  );
}
