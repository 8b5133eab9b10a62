import type { ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { refreshExplanation } from '../state/run.ts';
import { focusService, inPlace, serviceKey } from '../state/select.ts';
import { page } from '../state/store.ts';
import { LedgerRow } from './LedgerRow.tsx';
import { SkewSentence } from './SkewSentence.tsx';
import * as styles from './ledger.module.css';

/** Rows that are drawn around the visible ones when there are many. */
const ROW_HEIGHT = 26;
const MANY = 60;
const SPARE = 8;

/** What the director believes beside what the servers have, by server. */
export function Ledger(): ReactNode {
  const service = usePage(focusService);
  return (
    <section className={styles.ledger} aria-labelledby="ledger-title">
      <div className={styles.head}>
        <h2 id="ledger-title" className={styles.title}>
          {m.ledger_title()}
        </h2>
      </div>
      {service === undefined ? (
        <p className={styles.empty}>{m.ledger_empty()}</p>
      ) : (
        <Table service={service} />
      )}
      {service !== undefined && <SkewSentence service={service} />}
    </section>
  );
}

/** A choice of services, where there are several. */
function Services(): ReactNode {
  const services = usePage((state) => state.view?.services) ?? [];
  const focus = usePage(focusService);
  const directors = new Set(services.map(({ director }) => director)).size;
  if (services.length < 2) return null;
  return (
    <select
      className={styles.services}
      aria-label={m.ledger_service()}
      value={focus === undefined ? '' : serviceKey(focus)}
      onChange={(event) => chooseService(event.target.value)}
    >
      {services.map((service) => (
        <option key={serviceKey(service)} value={serviceKey(service)}>
          {directors > 1 ? `${service.director} · ${service.label}` : service.label}
        </option>
      ))}
    </select>
  );
}

/** Another service: its director's decisions are followed. */
function chooseService(key: string): void {
  page.setState({ serviceKey: key, picked: undefined });
  void refreshExplanation();
}

function Table({ service }: { readonly service: ServiceView }): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const [scrollTop, setScrollTop] = useState(0);
  const servers = inPlace(service, scenario);
  const many = servers.length > MANY;
  const first = many ? Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - SPARE) : 0;
  const shown = many ? servers.slice(first, first + 12 + 2 * SPARE) : servers;
  const below = servers.length - first - shown.length;
  return (
    <div
      className={styles.scroll}
      tabIndex={0}
      role="group"
      aria-labelledby="ledger-title"
      onScroll={many ? (event) => setScrollTop(event.currentTarget.scrollTop) : undefined}
    >
      <table className={styles.table} aria-rowcount={servers.length + 2}>
        <Head />
        <tbody>
          {first > 0 && <Gap rows={first} />}
          {shown.map((server, i) => (
            <LedgerRow key={server.destinationId} service={service} server={server} row={first + i + 3} />
          ))}
          {below > 0 && <Gap rows={below} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ rows }: { readonly rows: number }): ReactNode {
  return (
    <tr aria-hidden="true">
      <td colSpan={9} style={{ height: rows * ROW_HEIGHT, padding: 0 }} />
    </tr>
  );
}

function Head(): ReactNode {
  return (
    <thead>
      <tr className={styles.groups}>
        <td colSpan={3} className={styles.choice}>
          <Services />
        </td>
        <th scope="colgroup" colSpan={2}>
          {m.ledger_director()}
        </th>
        <th scope="colgroup" colSpan={4} className={styles.truth}>
          {m.ledger_server()}
        </th>
      </tr>
      <tr>
        <th scope="col">{m.ledger_name()}</th>
        <th scope="col">{m.ledger_weight()}</th>
        <th scope="col" className={styles.shareHead}>
          {m.ledger_share()}
        </th>
        <th scope="col">Active</th>
        <th scope="col">InAct</th>
        <th scope="col" className={styles.truth}>
          ESTAB
        </th>
        <th scope="col">TIME_WAIT</th>
        <th scope="col" className={styles.other}>
          {m.ledger_other()}
        </th>
        <th scope="col" className={styles.other} title={m.ledger_served_long()}>
          {m.ledger_served()}
        </th>
      </tr>
    </thead>
  );
}
