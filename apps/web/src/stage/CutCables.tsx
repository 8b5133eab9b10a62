import type { ReactNode } from 'react';
import { usePage } from '../state/react.ts';
import type { Layout } from './layout.ts';
import * as styles from './stage.module.css';

/** Cables that are pulled, over what Cabling draws: dashed, with a cross at the host's end. */
export function CutCables({ layout }: { readonly layout: Layout }): ReactNode {
  const pulled = usePage((state) =>
    (state.view?.unplugged ?? []).map(({ host, network }) => `${host}\n${network}`).join('\n\n'),
  );
  if (pulled === '' || layout.compact) return null;
  return (
    <g>
      {pulled.split('\n\n').map((one) => {
        const [host = '', network = ''] = one.split('\n');
        const cable = layout.cables.find((c) => c.network === network && c.hosts.includes(host));
        const place = layout.hosts.get(host);
        if (cable === undefined || place === undefined) return null;
        const ends = [cable.from, cable.to];
        const near = ends.toSorted((a, b) => Math.abs(a.x - place.x) - Math.abs(b.x - place.x))[0]!;
        const x = near.x + (near.x < place.x ? -9 : 9);
        return (
          <g key={one} className={styles.pulled} data-pulled={`${host} ${network}`}>
            <line x1={cable.from.x} y1={cable.from.y} x2={cable.to.x} y2={cable.to.y} />
            <path d={`M${x - 5},${near.y - 5}l10,10m0,-10l-10,10`} />
          </g>
        );
      })}
    </g>
  );
}
