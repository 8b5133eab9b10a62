import type { HaView, ServerHealth, ServerView, ServiceView } from '@lvscope/cluster';
import type { HostSpec, Scenario } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { memo } from 'react';
import { useHa } from '../ha/store.ts';
import { HostAnchor } from '../host/HostAnchor.tsx';
import { ServerMark } from '../parts/ServerMark.tsx';
import { markColour } from '../parts/server-mark.ts';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { focusWorkload, serverIndex } from '../state/select.ts';
import { integer } from '../words/format.ts';
import type { Layout, PlacedHost } from './layout.ts';
import { healthText } from './health.ts';
import * as styles from './stage.module.css';

interface HostsProps {
  readonly layout: Layout;
  readonly scenario: Scenario;
  readonly service: ServiceView | undefined;
}

/** Every host as a button that opens what is known of it. */
export function Hosts({ layout, scenario, service }: HostsProps): ReactNode {
  const servers = new Map((service?.servers ?? []).map((server) => [server.host ?? server.name, server]));
  const most = Math.max(1, ...(service?.servers ?? []).map((server) => server.activeConns));
  return (
    <div className={styles.hosts}>
      {scenario.hosts.map((host) => {
        const place = layout.hosts.get(host.name);
        const server = servers.get(host.name);
        return place === undefined ? null : (
          <HostBox key={host.name} {...{ host, place, scenario, layout, server, most, service }} />
        );
      })}
      {layout.hidden > 0 && (
        <p className={styles.more}>{m.stage_more_servers({ count: integer(layout.hidden) })}</p>
      )}
    </div>
  );
}

interface HostBoxProps {
  readonly host: HostSpec;
  readonly place: PlacedHost;
  readonly scenario: Scenario;
  readonly layout: Layout;
  readonly server: ServerView | undefined;
  readonly most: number;
  readonly service: ServiceView | undefined;
}

function HostBoxNow({ host, place, scenario, layout, server, most, service }: HostBoxProps): ReactNode {
  const index = host.role === 'realserver' ? serverIndex(scenario, host.name) : undefined;
  const isDirector = service?.director === host.name;
  const box = {
    left: place.x - place.width / 2,
    top: place.y - place.height / 2,
    width: place.width,
    height: place.height,
    ...(index === undefined ? {} : { borderColor: markColour(index) }),
  };
  const health = useHealth(host.name, server);
  const dead = health !== 'up';
  const kind = [
    styles.host,
    isDirector ? styles.director : '',
    dead ? styles.dead : '',
    layout.compact && index !== undefined ? styles.cell : '',
    index === undefined ? '' : styles.server,
  ];
  return (
    <>
      <HostAnchor
        {...{ host, server }}
        className={kind.join(' ')}
        style={box}
        label={hostLabel(host, server, health)}
      >
        <HostText {...{ host, place, layout, server, index, service, health }} />
      </HostAnchor>
      {index !== undefined && !layout.compact && server !== undefined && (
        <LoadBar {...{ place, layout, server, most, index }} />
      )}
    </>
  );
}

/** Drawn again only when something that shows has changed: there may be hundreds. */
const HostBox: React.NamedExoticComponent<HostBoxProps> = memo(HostBoxNow, looksTheSame);

function looksTheSame(a: HostBoxProps, b: HostBoxProps): boolean {
  return (
    a.layout === b.layout &&
    a.host === b.host &&
    a.most === b.most &&
    a.service?.director === b.service?.director &&
    a.service?.label === b.service?.label &&
    a.server?.activeConns === b.server?.activeConns &&
    a.server?.inactConns === b.server?.inactConns &&
    a.server?.share === b.server?.share &&
    a.server?.weight === b.server?.weight &&
    a.server?.health === b.server?.health
  );
}

/** Of a server how its program is, of any other host whether it is there at all. */
function useHealth(host: string, server: ServerView | undefined): ServerHealth {
  const machine = usePage((state) => state.view?.troubled.find((one) => one.host === host)?.health ?? 'up');
  return server !== undefined && server.health !== 'up' ? server.health : machine;
}

function hostLabel(host: HostSpec, server: ServerView | undefined, health: ServerHealth): string {
  const trouble = health === 'up' ? '' : ` · ${healthText(health)}`;
  if (server === undefined) return m.host_label({ name: host.name }) + trouble;
  const words = { name: host.name, active: server.activeConns, weight: server.weight };
  return m.host_server_label(words) + trouble;
}

/** From that width on a cell of the grid has room for ActiveConn beside the name, pixels. */
const WITH_COUNT = 76;

interface HostTextProps {
  readonly host: HostSpec;
  readonly place: PlacedHost;
  readonly layout: Layout;
  readonly server: ServerView | undefined;
  readonly index: number | undefined;
  readonly service: ServiceView | undefined;
  readonly health: ServerHealth;
}

function HostText({ host, place, layout, server, index, service, health }: HostTextProps): ReactNode {
  const sources = usePage((state) => focusWorkload(state)?.sources);
  const role = useHa((view) => roleOf(view, host.name));
  const shortBox = place.height < 36;
  const vip = useVip(host, service);
  return (
    <>
      <b className={styles.name}>
        {index !== undefined && <ServerMark index={index} size={layout.compact ? 7 : 9} />}
        {host.name}
        {host.role === 'client' && sources !== undefined && (
          <span className={styles.aside}>×{integer(sources)}</span>
        )}
        {role !== undefined && health === 'up' && !layout.narrow && (
          <span className={styles.aside}>{role}</span>
        )}
        {layout.compact && server !== undefined && place.width >= WITH_COUNT && (
          <span className={styles.aside}>{integer(server.activeConns)}</span>
        )}
        {server !== undefined &&
          server.weight !== 1 &&
          !layout.compact &&
          (!layout.narrow || health === 'up') && <span className={styles.aside}>w={server.weight}</span>}
      </b>
      {!shortBox && !layout.narrow && (
        <span className={styles.address}>{vip === undefined ? place.address : `VIP ${vip}`}</span>
      )}
      {layout.narrow && role !== undefined && health === 'up' && (
        <span className={styles.address}>{role}</span>
      )}
      {health !== 'up' && <span className={styles.health}>{healthText(health)}</span>}
      {layout.narrow && server !== undefined && !layout.compact && health === 'up' && (
        <span className={styles.address}>{integer(server.activeConns)}</span>
      )}
      {layout.compact && server !== undefined && (
        <i
          className={styles.cellBar}
          style={{ width: `${Math.min(100, server.share * 100 * 6)}%`, background: markColour(index ?? 0) }}
        />
      )}
    </>
  );
}

/** What a host's daemon takes itself for: of several, the one that runs. */
function roleOf(view: HaView | undefined, host: string): string | undefined {
  const daemons = view?.daemons.filter((one) => one.host === host) ?? [];
  return (daemons.find(({ role }) => role !== 'DOWN') ?? daemons.at(-1))?.role;
}

/** The virtual address, on whoever has it: with two directors whoever holds it now, be it both. */
function useVip(host: HostSpec, service: ServiceView | undefined): string | undefined {
  const vip = /\d+\.\d+\.\d+\.\d+/.exec(service?.label ?? '')?.[0];
  const held = useHa((view) =>
    view?.addresses.find(({ address }) => address === vip)?.holders.includes(host.name),
  );
  const isIts = held ?? service?.director === host.name;
  return host.role === 'director' && isIts ? vip : undefined;
}

interface LoadBarProps {
  readonly place: PlacedHost;
  readonly layout: Layout;
  readonly server: ServerView;
  readonly most: number;
  readonly index: number;
}

/** ActiveConn beside the box, against the fullest server. */
function LoadBar({ place, layout, server, most, index }: LoadBarProps): ReactNode {
  if (layout.barWidth === 0) return null;
  const left = place.x + place.width / 2 + 12;
  const width = layout.barWidth;
  return (
    <div className={styles.load} style={{ left, top: place.y - 6, width: width + 56 }} aria-hidden="true">
      <span className={styles.track} style={{ width }}>
        <i style={{ width: `${(server.activeConns / most) * 100}%`, background: markColour(index) }} />
      </span>
      <span>{integer(server.activeConns)}</span>
    </div>
  );
}
