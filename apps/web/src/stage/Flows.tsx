import type { ServiceView } from '@lvscope/cluster';
import type { Scenario } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { markColour } from '../parts/server-mark.ts';
import { useKept } from '../parts/useKept.ts';
import { usePage } from '../state/react.ts';
import { serverIndex } from '../state/select.ts';
import { dominant, flowWidth, pathsKey, servicePaths } from './flows.ts';
import type { Layout } from './layout.ts';
import { type ConnectionPath, pathText } from './paths.ts';
import * as styles from './stage.module.css';

interface FlowsProps {
  readonly layout: Layout;
  readonly scenario: Scenario;
  readonly service: ServiceView;
}

/** The ways that new connections take now, as wide as their share; a picked decision's way stands out. */
export function Flows({ layout, scenario, service }: FlowsProps): ReactNode {
  const picked = usePage(({ picked: one, explanation }) =>
    one?.director === service.director ? explanation?.row.chosen : undefined,
  );
  const paths = usePaths(layout, scenario, service);
  const lead = service.servers.find((one) => one.destinationId === picked) ?? dominant(service);
  const shared = lead ?? service.servers.find((server) => server.share > 0);
  const first = shared === undefined ? undefined : paths.get(shared.destinationId);
  const colour = lead === undefined ? 'var(--rail)' : markColour(serverIndex(scenario, lead.name));
  return (
    <g>
      {first !== undefined && (
        <path className={styles.flow} d={pathText(first.request)} stroke={colour} strokeWidth={2} />
      )}
      {service.servers.map((server) => {
        const path = paths.get(server.destinationId);
        const width = flowWidth(server.share);
        if (path === undefined || width === 0) return null;
        const dim = lead !== undefined && lead !== server && picked !== undefined;
        // among dozens a colour each is a blur: all take the grey way, and who leads stands out
        if (layout.compact && server !== lead) {
          const way = pathText(path.forward);
          return <path key={server.destinationId} className={styles.flow} d={way} stroke="var(--rail)" />;
        }
        const stroke = markColour(serverIndex(scenario, server.name));
        return (
          <ServerFlow
            key={server.destinationId}
            {...{ path, width, stroke, dim, tunnel: server.method === 'Tunnel' }}
          />
        );
      })}
    </g>
  );
}

interface ServerFlowProps {
  readonly path: ConnectionPath;
  readonly width: number;
  readonly stroke: string;
  readonly dim: boolean;
  readonly tunnel: boolean;
}

function ServerFlow({ path, width, stroke, dim, tunnel }: ServerFlowProps): ReactNode {
  const forward = pathText(path.forward);
  return (
    <g opacity={dim ? 0.25 : 1}>
      {tunnel && <path className={styles.envelope} d={forward} stroke={stroke} strokeWidth={10} />}
      <path className={styles.flow} d={forward} stroke={stroke} strokeWidth={width} />
      <path
        className={styles.replyFlow}
        d={pathText(path.reply)}
        stroke={stroke}
        strokeWidth={Math.min(2, width)}
      />
    </g>
  );
}

/** The ways of a service's connections, computed again only when hosts, methods or the stage change. */
export function usePaths(
  layout: Layout,
  scenario: Scenario,
  service: ServiceView,
): ReadonlyMap<number, ConnectionPath> {
  // the service changes with every batch, its ways only with the key
  const kept = useKept(pathsKey(service), service);
  return useMemo(() => servicePaths(scenario, layout, kept), [layout, scenario, kept]);
}
