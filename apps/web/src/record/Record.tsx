import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { Commands } from './Commands.tsx';
import { Decisions } from './Decisions.tsx';
import { Listing } from './Listing.tsx';
import * as styles from './record.module.css';

/** What was said and done: commands, the director's table, decisions. */
export function Record(): ReactNode {
  const [tab, setTab] = useState('commands');
  return (
    <section className={styles.record} aria-label={m.record_label()}>
      <Tabs.Root className={styles.tabs} value={tab} onValueChange={(next: string) => setTab(next)}>
        <Tabs.List className={styles.list}>
          <Tabs.Tab className={styles.tab} value="commands">
            {m.record_commands()}
          </Tabs.Tab>
          <Tabs.Tab className={styles.tab} value="listing">
            ipvsadm -Ln
          </Tabs.Tab>
          <Tabs.Tab className={styles.tab} value="decisions">
            {m.record_decisions()}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel className={styles.panel} value="commands">
          <Commands />
        </Tabs.Panel>
        <Tabs.Panel className={styles.panel} value="listing">
          <Listing />
        </Tabs.Panel>
        <Tabs.Panel className={styles.panel} value="decisions">
          <Decisions />
        </Tabs.Panel>
      </Tabs.Root>
    </section>
  );
}
