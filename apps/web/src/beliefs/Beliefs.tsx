import type { BeliefHistory } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import * as m from '../paraglide/messages.js';
import { askAgain } from '../parts/ask-again.ts';
import { usePage } from '../state/react.ts';
import { askBeliefs } from '../state/questions.ts';
import type { Beliefs as Seen } from '../worker/api.ts';
import { clock, percent } from '../words/format.ts';
import { BeliefTable } from './BeliefTable.tsx';
import * as styles from './beliefs.module.css';
import { stripRows, type Wrong, wrongOnes } from './strips.ts';

const ASK_EVERY_MS = 400;
/** How far back the chart reaches, unless the whole run is asked for. */
const WINDOW_NS = 180e9;

/** Which host holds which MAC for the virtual address, through time; wrong ones are marked. */
export function Beliefs(): ReactNode {
  const seen = useBeliefs();
  const [address, setAddress] = useState<string>();
  const [whole, setWhole] = useState(false);
  const histories = seen?.histories ?? [];
  const history = histories.find((one) => one.address === address) ?? histories[0];
  if (seen === undefined || history === undefined) return <p className={styles.none}>{m.beliefs_none()}</p>;
  const toNs = Math.max(1e9, seen.atNs);
  const fromNs = whole ? 0 : Math.max(0, toNs - WINDOW_NS);
  const rows = stripRows(history, fromNs, toNs);
  return (
    <div className={styles.beliefs} tabIndex={0} role="region" aria-label={m.beliefs_title()}>
      <div className={styles.head}>
        <p>
          {m.beliefs_of()} <Addresses histories={histories} chosen={history.address} onChoose={setAddress} />
        </p>
        <button type="button" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          {m.beliefs_whole()}
        </button>
      </div>
      <BeliefTable rows={rows} fromNs={fromNs} toNs={toNs} />
      <Bypass address={history.address} />
      <Holders history={history} />
      <Story wrong={wrongOnes(rows)} address={history.address} />
    </div>
  );
}

function useBeliefs(): Seen | undefined {
  const [seen, setSeen] = useState<Seen>();
  const epoch = usePage((state) => state.epoch);
  const commands = usePage((state) => state.commands.length);
  useEffect(() => askAgain(ASK_EVERY_MS, askBeliefs, setSeen), [epoch, commands]);
  return seen;
}

interface AddressesProps {
  readonly histories: readonly BeliefHistory[];
  readonly chosen: string;
  readonly onChoose: (address: string) => void;
}

function Addresses({ histories, chosen, onChoose }: AddressesProps): ReactNode {
  if (histories.length < 2) return <b>{chosen}</b>;
  return (
    <select
      aria-label={m.beliefs_address()}
      value={chosen}
      onChange={(event) => onChoose(event.target.value)}
    >
      {histories.map(({ address }) => (
        <option key={address}>{address}</option>
      ))}
    </select>
  );
}

/** The share of connections that reach a server without the director, where there are any. */
function Bypass({ address }: { readonly address: string }): ReactNode {
  const share = usePage((state) =>
    Math.max(
      0,
      ...(state.view?.services ?? [])
        .filter(({ label }) => label.includes(` ${address}:`))
        .map(({ bypassShare }) => bypassShare),
    ),
  );
  const seconds = usePage((state) => state.view?.windowSeconds ?? 60);
  if (share === 0) return null;
  return <p className={styles.bad}>{m.beliefs_bypass({ share: percent(share), seconds })}</p>;
}

/** Who really holds the address now, and since when. */
function Holders({ history }: { readonly history: BeliefHistory }): ReactNode {
  const last = history.holders.at(-1);
  if (last === undefined) return null;
  const words = { address: history.address, hosts: last.hosts.join(', '), since: clock(last.atNs, 0) };
  const split = last.hosts.length > 1;
  const text =
    last.hosts.length === 0
      ? m.beliefs_nobody_holds(words)
      : split
        ? m.beliefs_split(words)
        : m.beliefs_holder(words);
  return <p className={split || last.hosts.length === 0 ? styles.bad : styles.holder}>{text}</p>;
}

/** The wrong beliefs in words, the worst first. */
function Story({
  wrong,
  address,
}: {
  readonly wrong: readonly Wrong[];
  readonly address: string;
}): ReactNode {
  const MOST = 3;
  return (
    <>
      {wrong.slice(0, MOST).map(({ host, owner, ns, now }) => {
        const words = { host, address, owner: owner ?? m.beliefs_unknown(), seconds: (ns / 1e9).toFixed(1) };
        return (
          <p key={host} className={now ? styles.bad : styles.past}>
            {now ? m.beliefs_wrong_now(words) : m.beliefs_wrong_for(words)}
          </p>
        );
      })}
      {wrong.length > MOST && <p className={styles.past}>{m.why_more({ count: wrong.length - MOST })}</p>}
    </>
  );
}
