import { describe, expect, it } from 'vitest';
import type { Candidate, Explanation } from '../worker/api.ts';
import { becauseText, costText, formulaOf } from './because.ts';

const rs2: Candidate = {
  id: 2,
  name: 'rs2',
  weight: 2,
  activeConns: 3,
  inactConns: 41,
  cost: 809,
  verdict: 'chosen',
};

function explanation(over: Partial<Explanation>): Explanation {
  return {
    row: {
      director: 'd1',
      seq: 7,
      atNs: 0,
      source: '10.1.0.10:41877',
      destination: '192.168.1.6:80',
      serviceId: 1,
      chosen: 2,
      cause: 'scheduled',
    },
    scheduler: 'wlc',
    chosenName: 'rs2',
    reason: { kind: 'least', measure: 'overhead-per-weight', tied: [] },
    nobody: undefined,
    candidates: [rs2],
    template: undefined,
    others: [],
    ...over,
  };
}

describe('the sentence that says why', () => {
  it('has the integers that wlc compared', () => {
    expect(becauseText(explanation({}))).toContain('3·256 + 41 = 809 ÷ 2');
  });

  it('names the template and what is left of it', () => {
    const { row } = explanation({});
    const held = explanation({
      row: { ...row, cause: 'template' },
      template: { network: '10.1.0.10', secondsLeft: 258.4 },
      reason: { kind: 'not-asked', cause: 3 },
    });
    expect(becauseText(held)).toContain('10.1.0.10');
    expect(becauseText(held)).toContain('259');
  });

  it('says of a tie who lost it by standing later in the list', () => {
    const rs1 = { ...rs2, id: 1, name: 'rs1', verdict: 'lost' as const };
    const tie = explanation({
      reason: { kind: 'least', measure: 'overhead-per-weight', tied: [1] },
      candidates: [rs2, rs1],
    });
    expect(becauseText(tie)).toContain('rs1');
  });

  it('says why nobody was chosen before anything else', () => {
    expect(becauseText(explanation({ nobody: 'all-weight-0' }))).not.toContain('809');
  });
});

describe('costs', () => {
  it('are written as the scheduler makes them', () => {
    expect(costText(rs2, 'overhead')).toBe('3·256 + 41 = 809');
    expect(costText({ ...rs2, cost: 4 }, 'active-plus-one')).toBe('3 + 1 = 4');
  });

  it('are of sed and nq without the inactive ones, and none of rr', () => {
    expect(formulaOf({ kind: 'least', measure: 'delay-per-weight', tied: [] })).toBe('active-plus-one');
    expect(formulaOf({ kind: 'turn', after: -1 })).toBeUndefined();
  });
});
