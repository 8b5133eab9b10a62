import type { ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ServerMark } from '../parts/ServerMark.tsx';
import * as m from '../paraglide/messages.js';
import { deleteServer, editService, editWeight } from '../state/commands.ts';
import { usePage } from '../state/react.ts';
import { execute } from '../state/run.ts';
import { inPlace, serverIndex } from '../state/select.ts';
import type { WeightZeroSettings } from '../worker/api.ts';
import { clock, percent } from '../words/format.ts';
import * as styles from './weight-zero.module.css';

interface PresentProps {
  readonly service: ServiceView;
  readonly now: WeightZeroSettings;
}

const DEFAULT_SECONDS = 300;

/** The director as it is set now; each setting can be turned, and the command that turns it is shown. */
export function Present({ service, now }: PresentProps): ReactNode {
  const [said, setSaid] = useState<string>();
  const atNs = usePage((state) => state.view?.now ?? 0);
  const say = (command: string): void => {
    setSaid(command);
    void execute(service.director, command);
  };
  const sysctl = (name: string) => (on: boolean) => say(`sysctl -w net.ipv4.vs.${name}=${on ? 1 : 0}`);
  return (
    <div className={styles.present}>
      <p className={styles.where}>
        <span className={styles.now}>{m.zero_now()}</span> {clock(atNs, 0)} · {service.director} ·{' '}
        {service.label} <Out service={service} now={now} />
      </p>
      <div className={styles.settings} role="group" aria-label={m.zero_settings()}>
        <TakenOut service={service} now={now} onSay={say} />
        <Setting
          name="-p"
          value={now.persistent}
          off={m.chip_off()}
          on={`${service.persistenceSeconds || DEFAULT_SECONDS} s`}
          onTurn={(on) => say(editService(service, { persistenceSeconds: on ? DEFAULT_SECONDS : 0 }))}
        />
        <Setting
          name="expire_nodest_conn"
          value={now.expireNodestConn}
          onTurn={sysctl('expire_nodest_conn')}
        />
        <Setting
          name="expire_quiescent_template"
          value={now.expireQuiescentTemplate}
          onTurn={sysctl('expire_quiescent_template')}
        />
      </div>
      <p className={styles.said} aria-live="polite">
        {said === undefined ? m.zero_turn() : <code>{`${service.director}# ${said}`}</code>}
      </p>
    </div>
  );
}

/** Which servers are out, and what they get in spite of it. */
function Out({ service, now }: PresentProps): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const zero = service.servers.filter((server) => server.weight === 0);
  return (
    <>
      {zero.map((server) => (
        <span key={server.destinationId} className={styles.out}>
          <ServerMark index={serverIndex(scenario, server.name)} /> <b>{server.name}</b>{' '}
          {m.zero_at_zero({ share: percent(server.share) })}
        </span>
      ))}
      {now.deleted.map((name) => (
        <span key={name} className={styles.out}>
          <ServerMark index={serverIndex(scenario, name)} /> <b>{name}</b> {m.zero_deleted()}
        </span>
      ))}
      {zero.length === 0 && now.deleted.length === 0 && (
        <span className={styles.out}>
          {now.ldirectord
            ? m.zero_nobody_out_ldirectord({ quiescent: now.quiescent === true ? 'yes' : 'no' })
            : m.zero_nobody_out()}
        </span>
      )}
    </>
  );
}

interface TakenOutProps extends PresentProps {
  readonly onSay: (command: string) => void;
}

/** Takes the first server out, in the one way or the other; ldirectord does that by itself. */
function TakenOut({ service, now, onSay }: TakenOutProps): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const servers = inPlace(service, scenario);
  const server = servers.find((one) => one.weight === 0) ?? servers[0];
  if (now.ldirectord || server === undefined) return null;
  const isDeleted = now.atZero.length === 0 && now.deleted.length > 0;
  return (
    <div className={styles.setting} role="group" aria-label={m.zero_take_out({ name: server.name })}>
      <span>{isDeleted ? (now.deleted[0] ?? '') : server.name}</span>
      <button
        type="button"
        aria-pressed={now.atZero.length > 0}
        disabled={isDeleted}
        onClick={() => onSay(editWeight(service, server, 0))}
      >
        {m.zero_weight()}
      </button>
      <button
        type="button"
        aria-pressed={isDeleted}
        disabled={isDeleted}
        onClick={() => onSay(deleteServer(service, server))}
      >
        {m.zero_delete()}
      </button>
    </div>
  );
}

interface SettingProps {
  readonly name: string;
  readonly value: boolean;
  readonly off?: string;
  readonly on?: string;
  readonly onTurn: (on: boolean) => void;
}

function Setting({ name, value, off = '0', on = '1', onTurn }: SettingProps): ReactNode {
  return (
    <div className={styles.setting} role="group" aria-label={name}>
      <span>{name}</span>
      {[false, true].map((one) => (
        <button
          key={String(one)}
          type="button"
          aria-pressed={one === value}
          onClick={() => {
            if (one !== value) onTurn(one);
          }}
        >
          {one ? on : off}
        </button>
      ))}
    </div>
  );
}
