import type { Scenario } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { Cables } from '../host/Cables.tsx';
import { useReducedMotion } from '../parts/useMedia.ts';
import { useSize } from '../parts/useSize.ts';
import * as m from '../paraglide/messages.js';
import { FrameLayer } from '../packets/FrameLayer.tsx';
import { RouteLayer } from '../packets/RouteLayer.tsx';
import { ShapeLegend } from '../packets/ShapeLegend.tsx';
import { Remedies } from '../remedies/Remedies.tsx';
import { usePage } from '../state/react.ts';
import { focusService, isChanged } from '../state/select.ts';
import { inLanguage } from '../words/locale.ts';
import { Cabling } from './Cabling.tsx';
import { CutCables } from './CutCables.tsx';
import { Dots } from './Dots.tsx';
import { Flows } from './Flows.tsx';
import { Hosts } from './Hosts.tsx';
import { LastChange } from './LastChange.tsx';
import { layOut } from './layout.ts';
import * as styles from './stage.module.css';

/** The cluster as it is cabled, and who is connected to whom. */
export function Stage(): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const service = usePage(focusService);
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const still = useReducedMotion();
  const layout = useMemo(
    () => (scenario === undefined || width < 50 ? undefined : layOut(scenario, width, height)),
    [scenario, width, height],
  );
  return (
    <section className={styles.stage} aria-label={m.stage_label()}>
      {scenario !== undefined && <Lesson scenario={scenario} />}
      <Remedies />
      <LastChange />
      <div className={styles.field} ref={ref}>
        {layout !== undefined && scenario !== undefined && (
          <>
            <svg className={styles.drawing} width={width} height={height} aria-hidden="true">
              <Cabling layout={layout} />
              {service !== undefined && scenario.detail === 'connection' && (
                <Flows layout={layout} scenario={scenario} service={service} />
              )}
              {service !== undefined && !still && scenario.detail === 'connection' && (
                <Dots layout={layout} scenario={scenario} service={service} />
              )}
              {scenario.detail === 'packet' && <RouteLayer layout={layout} />}
              <CutCables layout={layout} />
            </svg>
            <FrameLayer layout={layout} />
            <Cables layout={layout} scenario={scenario} />
            <Hosts layout={layout} scenario={scenario} service={service} />
          </>
        )}
        {scenario?.detail === 'packet' ? <ShapeLegend /> : <Legend />}
      </div>
    </section>
  );
}

/** What the scenario shows; of one that was changed meanwhile, as it began. */
function Lesson({ scenario }: { readonly scenario: Scenario }): ReactNode {
  const changed = usePage(isChanged);
  return (
    <p className={styles.lesson}>
      {changed && <span className={styles.begun}>{m.lesson_begun()}</span>}
      {inLanguage(scenario.lesson)}
    </p>
  );
}

/** What filled and hollow mean. */
function Legend(): ReactNode {
  return (
    <p className={styles.legend} aria-hidden="true">
      <svg width="10" height="10">
        <circle cx="5" cy="5" r="4" fill="currentColor" />
      </svg>
      {m.stage_request()}
      <svg width="10" height="10">
        <rect
          x="1.5"
          y="1.5"
          width="7"
          height="7"
          rx="1"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
        />
      </svg>
      {m.stage_reply()}
    </p>
  );
}
