import { Tabs } from '@base-ui/react/tabs';
import { Maximize2, Minimize2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Beliefs } from '../beliefs/Beliefs.tsx';
import { Futures } from '../fork/Futures.tsx';
import { Failover } from '../ha/Failover.tsx';
import { useHa } from '../ha/store.ts';
import * as m from '../paraglide/messages.js';
import { useShortPage } from '../parts/useMedia.ts';
import { useFork } from '../state/fork.ts';
import { panels, type RecordTab, showTab, usePanels } from '../state/panels.ts';
import { usePage } from '../state/react.ts';
import { Terminals } from '../terminal/Terminals.tsx';
import { Why } from '../why/Why.tsx';
import { Commands } from './Commands.tsx';
import { Decisions } from './Decisions.tsx';
import { Listing } from './Listing.tsx';
import * as styles from './record.module.css';

interface Leaf {
  readonly tab: RecordTab;
  readonly name: () => string;
  readonly show: () => ReactNode;
}

/** Reports that want to be seen whole; the reason above gives way. */
const TALL: ReadonlySet<RecordTab> = new Set(['beliefs', 'failover', 'futures']);

type Needs = Readonly<Partial<{ [tab in RecordTab]: boolean }>>;

/** What stands side by side here; `why` only where the page is too short for a place of its own. */
const LEAVES: readonly Leaf[] = [
  { tab: 'terminal', name: m.record_terminal, show: () => <Terminals /> },
  { tab: 'why', name: m.record_why, show: () => <Why /> },
  { tab: 'commands', name: m.record_commands, show: () => <Commands /> },
  { tab: 'listing', name: () => 'ipvsadm -Ln', show: () => <Listing /> },
  { tab: 'beliefs', name: m.beliefs_tab, show: () => <Beliefs /> },
  { tab: 'failover', name: m.ha_tab, show: () => <Failover /> },
  { tab: 'futures', name: m.fork_tab, show: () => <Futures /> },
  { tab: 'decisions', name: m.record_decisions, show: () => <Decisions /> },
];

/** A terminal on every host; what was said and done: commands, the director's table, decisions. */
export function Record(): ReactNode {
  const chosen = usePanels((state) => state.tab);
  const short = useShortPage();
  const frames = usePage((state) => state.scenario?.detail === 'packet');
  const forked = useFork((fork) => fork !== undefined);
  const ha = useHa((view) => view !== undefined && view.daemons.length + view.failovers.length > 0);
  const needs: Needs = { why: short, beliefs: frames, failover: ha, futures: forked };
  const leaves = LEAVES.filter((leaf) => needs[leaf.tab] ?? true);
  const tab = leaves.some((leaf) => leaf.tab === chosen) ? chosen : 'terminal';
  return (
    <section className={styles.record} data-tall={TALL.has(tab)} aria-label={m.record_label()}>
      <Tabs.Root className={styles.tabs} value={tab} onValueChange={(next: RecordTab) => showTab(next)}>
        <div className={styles.head}>
          <Tabs.List className={styles.list}>
            {leaves.map((leaf) => (
              <Tabs.Tab key={leaf.tab} className={styles.tab} value={leaf.tab}>
                {leaf.name()}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <WideButton />
        </div>
        {leaves.map((leaf) => (
          <Tabs.Panel key={leaf.tab} className={styles.panel} value={leaf.tab}>
            {leaf.show()}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </section>
  );
}

/** Gives the column most of the page's width, and takes it back. */
function WideButton(): ReactNode {
  const wide = usePanels((state) => state.wide);
  const name = wide ? m.record_narrow() : m.record_wide();
  return (
    <button
      type="button"
      className={styles.wide}
      aria-label={name}
      title={name}
      aria-pressed={wide}
      onClick={() => panels.setState({ wide: !wide })}
    >
      {wide ? <Minimize2 size={13} /> : <Maximize2 size={13} />}
    </button>
  );
}
