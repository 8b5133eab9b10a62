import type { ReactNode } from 'react';
import { memo } from 'react';
import type { Layout } from './layout.ts';
import * as styles from './stage.module.css';

/** Cables, segments and their prefixes: what does not move. */
export const Cabling: React.NamedExoticComponent<{ readonly layout: Layout }> = memo(function Cabling({
  layout,
}: {
  readonly layout: Layout;
}): ReactNode {
  return (
    <g>
      {layout.cables.map((cable, i) =>
        layout.compact && cable.to.x > cable.from.x && i > 2 ? null : (
          <line
            // cables never change places within a layout
            key={`${cable.network}/${i}`}
            className={styles.cable}
            x1={cable.from.x}
            y1={cable.from.y}
            x2={cable.to.x}
            y2={cable.to.y}
          />
        ),
      )}
      {[...layout.rails.values()].map((rail) => (
        <line
          key={rail.network}
          className={styles.rail}
          x1={rail.x}
          y1={rail.top}
          x2={rail.x}
          y2={rail.bottom}
        />
      ))}
      {layout.labels.map(({ text, x, y, anchor }) => (
        <text key={text} className={styles.prefix} x={x} y={y} textAnchor={anchor}>
          {text}
        </text>
      ))}
    </g>
  );
});
