import type { Scenario } from '@lvscope/scenario';
import { packets } from '../packets/store.ts';
import { load, play } from './run.ts';
import { page } from './store.ts';

/** Runs the same scenario anew from 0, frame by frame or connection by connection. */
export async function changeDetail(detail: Scenario['detail']): Promise<void> {
  const { scenario, presetId } = page.getState();
  if (scenario === undefined || scenario.detail === detail) return;
  const answer = await load(
    presetId === undefined
      ? { kind: 'document', scenario: { ...scenario, detail } }
      : { kind: 'preset', id: presetId, detail },
  );
  if (!answer.ok) return;
  if (detail === 'packet') packets.setState({ drawer: 'packets' });
  play(true);
}
