import type { ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { focusWorkload } from '../state/select.ts';
import { page } from '../state/store.ts';
import { integer, jainText, percent } from '../words/format.ts';
import { comebackSeconds, recentShares } from './comeback.ts';
import * as styles from './ledger.module.css';
import { type SkewStory, skewStory } from './skew-story.ts';

/** The kernel's FIN_WAIT timeout unless `ipvsadm --set` changed it. Seconds. */
const FIN_WAIT_SECONDS = 120;

/** Stories that are no reason for alarm. */
const CALM: ReadonlySet<SkewStory['kind']> = new Set([
  'even',
  'settling',
  'quiet',
  'sparse',
  'too-few-servers',
]);

/** In plain words: how even it is, and what makes it so. */
export function SkewSentence({ service }: { readonly service: ServiceView }): ReactNode {
  const sources = usePage((state) => focusWorkload(state)?.sources);
  const finSeconds = usePage((state) => finTimeout(state.commands.map((record) => record.command)));
  const windowSeconds = usePage((state) => state.view?.windowSeconds ?? 60);
  const skew = service.skew;
  const story = skewStory(service, sources, recentShares(page.getState().series, service));
  const calm = CALM.has(story.kind);
  return (
    <div className={styles.skew}>
      <p className={calm ? styles.calm : styles.alarm}>{storyText(story, service, finSeconds)}</p>
      <p className={styles.figures}>
        {m.skew_window({ seconds: windowSeconds })}: {m.skew_jain()}{' '}
        <b data-testid="jain">{skew === undefined ? '–' : jainText(skew.jain)}</b>
        {skew !== undefined && (
          <>
            {' · '}
            {m.skew_max_mean()} <b>{skew.maxOverMean.toFixed(2)}</b> · {m.skew_cv()}{' '}
            <b>{skew.coefficientOfVariation.toFixed(2)}</b>
          </>
        )}
      </p>
    </div>
  );
}

/** tcpfin of the last `ipvsadm --set`; 0 there leaves it unchanged. */
export function finTimeout(commands: readonly string[]): number {
  const set = commands.flatMap((command) => /ipvsadm --set \d+ (\d+) \d+/.exec(command)?.[1] ?? []);
  return set.map(Number).findLast((seconds) => seconds > 0) ?? FIN_WAIT_SECONDS;
}

function storyText(story: SkewStory, service: ServiceView, finSeconds: number): string {
  switch (story.kind) {
    case 'quiet':
      return m.skew_quiet();
    case 'sparse':
      return m.skew_sparse({ count: integer(story.count), servers: integer(story.servers) });
    case 'too-few-servers':
      return m.skew_few();
    case 'even':
      return m.skew_even({ jain: jainText(story.jain) });
    case 'settling':
      return m.skew_settling({ jain: jainText(story.jain) });
    case 'despite-zero': {
      const words = { name: story.server.name, share: percent(story.share) };
      return story.persistent ? m.skew_despite_zero_template(words) : m.skew_despite_zero(words);
    }
    case 'held-by-persistence':
      return persistenceText(story);
    case 'held-back':
      return heldBackText(story, service, finSeconds);
    case 'by-address': {
      const words = { ...topWords(story), scheduler: service.scheduler };
      return story.key === 'source' ? m.skew_by_source(words) : m.skew_by_destination(words);
    }
    case 'one-by-one':
      return m.skew_one_by_one({ ...topWords(story), scheduler: service.scheduler });
    case 'uneven':
      return m.skew_uneven(topWords(story));
  }
}

function topWords(story: Extract<SkewStory, { top: unknown }>): {
  name: string;
  share: string;
  jain: string;
} {
  return { name: story.top.name, share: percent(story.top.share), jain: jainText(story.jain) };
}

function persistenceText(story: Extract<SkewStory, { kind: 'held-by-persistence' }>): string {
  const words = topWords(story);
  if (story.masked) return m.skew_persistent_masked(words);
  if (story.sources === undefined || story.sources === 1) return m.skew_persistent_one(words);
  return m.skew_persistent_many({ ...words, sources: integer(story.sources) });
}

function heldBackText(
  { server, jain }: Extract<SkewStory, { kind: 'held-back' }>,
  service: ServiceView,
  finSeconds: number,
): string {
  const ahead = comebackSeconds(page.getState().series, service, server, finSeconds);
  const words = {
    name: server.name,
    inactive: integer(server.inactConns),
    timeout: finSeconds,
    scheduler: service.scheduler,
    jain: jainText(jain),
  };
  const when = ahead === undefined ? '' : ` ${m.skew_comeback({ time: spanText(ahead) })}`;
  return `${m.skew_held_back(words)}${when}`;
}

/** `40 s`, `1 min 40 s`, in steps that a guess may have. */
export function spanText(seconds: number): string {
  const rounded = seconds < 20 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5;
  const minutes = Math.floor(rounded / 60);
  const rest = rounded % 60;
  if (minutes === 0) return m.span_seconds({ seconds: rest });
  return rest === 0 ? m.span_minutes({ minutes }) : m.span_minutes_seconds({ minutes, seconds: rest });
}
