import { describe, expect, it } from 'vitest';
import type { Api, Batch, Cursor } from './api.ts';
import { createDesk } from './desk.ts';

const START: Cursor = {
  epoch: -1,
  seriesRows: 0,
  seriesStepSeconds: 0,
  commands: 0,
  openCommands: [],
  decided: {},
  frame: 0,
  reason: 0,
};

/** A machine's clock on which a look takes a tenth of a millisecond. */
function clock(): () => number {
  let ms = 0;
  return () => (ms += 0.1);
}

async function loaded(id = 'stress-one-source'): Promise<Api> {
  const desk = createDesk(clock());
  expect(await desk.load({ kind: 'preset', id })).toMatchObject({ ok: true });
  return desk;
}

/** Pulls until the time is reached. */
async function runTo(desk: Api, seconds: number): Promise<Batch> {
  for (;;) {
    const batch = await desk.pull({
      targetNs: seconds * 1e9,
      budgetMs: 50,
      cursor: START,
      asks: [],
      terminals: [],
    });
    if (batch.reached) return batch;
  }
}

const countsOf = (batch: Batch): unknown => ({
  now: batch.view.now,
  events: batch.view.eventsFired,
  servers: batch.view.services.map((service) => service.servers),
});

describe('the run behind the page', () => {
  it('stands at the time that was asked for, however small the budget of a pull', async () => {
    const small = await loaded();
    const first = await small.pull({ targetNs: 5e9, budgetMs: 0, cursor: START, asks: [], terminals: [] });
    expect(first.reached).toBe(false);
    const all = await runTo(await loaded(), 5);
    expect(countsOf(await runTo(small, 5))).toEqual(countsOf(all));
    expect(all.view.now).toBe(5e9);
  });

  it('sends what lies behind the cursor and nothing twice', async () => {
    const desk = await loaded();
    const first = await runTo(desk, 5);
    const cursor: Cursor = {
      epoch: first.epoch,
      seriesRows: first.series.time.length,
      seriesStepSeconds: first.series.stepSeconds,
      commands: first.commands.length,
      openCommands: [],
      decided: first.decided,
      frame: 0,
      reason: 0,
    };
    const second = await desk.pull({
      targetNs: 5e9,
      budgetMs: 50,
      cursor,
      asks: [{ host: 'd1', line: 'ipvsadm -Ln' }],
      terminals: [],
    });
    expect([second.series.time.length, second.commands.length, second.decisions.length]).toEqual([0, 0, 0]);
    expect(second.answers[0]?.text).toContain('TCP  192.168.1.6:80 rr persistent 300');
  });

  it('says that a persistent client goes where its template points, and what is left of it', async () => {
    const desk = await loaded();
    const { view } = await runTo(desk, 5);
    const why = await desk.explain({ director: 'd1', seq: view.lastDecision });
    expect(why).toMatchObject({ row: { cause: 'template' }, template: { network: '10.1.0.10' } });
    expect(why?.template?.secondsLeft).toBeGreaterThan(290);
    expect(why?.others.map((one) => one.scheduler)).toContain('wlc');
  });

  it('answers an old or unknown decision with nothing', async () => {
    expect(await (await loaded()).explain({ director: 'd1', seq: 12_345 })).toBeUndefined();
  });
});

describe('going back in time', () => {
  it('replays to the same world, the commands of the user at their places', async () => {
    const desk = await loaded();
    await runTo(desk, 12.3);
    await desk.execute('d1', 'ipvsadm -E -t 192.168.1.6:80 -s wlc', START);
    const there = await runTo(desk, 30);
    await desk.seek(4e9);
    const early = await runTo(desk, 4);
    expect(early.epoch).toBeGreaterThan(there.epoch);
    expect(early.view.services[0]).toMatchObject({ scheduler: 'rr', persistenceSeconds: 300 });
    expect(early.future).toMatchObject([{ host: 'd1', command: 'ipvsadm -E -t 192.168.1.6:80 -s wlc' }]);
    const again = await runTo(desk, 30);
    expect(countsOf(again)).toEqual(countsOf(there));
    expect(again.future).toEqual([]);
  });

  it('forgets the later commands once another one is given', async () => {
    const desk = await loaded();
    await runTo(desk, 10);
    await desk.execute('d1', 'ipvsadm -E -t 192.168.1.6:80 -s wlc', START);
    await desk.seek(5e9);
    await runTo(desk, 5);
    const batch = await desk.execute('d1', 'ipvsadm -E -t 192.168.1.6:80 -s sh', START);
    expect(batch.future).toEqual([]);
    expect((await runTo(desk, 15)).view.services[0]?.scheduler).toBe('sh');
  });

  it('works after steps of single events', async () => {
    const desk = await loaded();
    await runTo(desk, 3);
    for (let i = 0; i < 25; i++) await desk.step(START);
    await desk.execute('client', 'loadgen set sources 50', START);
    const there = await runTo(desk, 9);
    await desk.seek(1e9);
    expect(countsOf(await runTo(desk, 9))).toEqual(countsOf(there));
  });
});

describe('a step back', () => {
  it('undoes one event, and a step forward makes the same world again', async () => {
    const desk = await loaded();
    const there = await runTo(desk, 7.5);
    const before = await desk.stepBack(START);
    expect(before.view.eventsFired).toBe(there.view.eventsFired - 1);
    expect(before.epoch).toBeGreaterThan(there.epoch);
    for (let i = 0; i < 4; i++) await desk.stepBack(START);
    for (let i = 0; i < 4; i++) await desk.step(START);
    const again = await desk.step(START);
    expect(again.view.services).toEqual(there.view.services);
    expect(again.view.eventsFired).toBe(there.view.eventsFired);
  });

  it('undoes a command before the event under it, and gives it again on the way forward', async () => {
    const desk = await loaded();
    const there = await runTo(desk, 3);
    await desk.execute('d1', 'ipvsadm -E -t 192.168.1.6:80 -s wlc', START);
    const undone = await desk.stepBack(START);
    expect(undone.view.eventsFired).toBe(there.view.eventsFired);
    expect(undone.view.services[0]?.scheduler).toBe('rr');
    expect(undone.future).toHaveLength(1);
    await desk.stepBack(START);
    await desk.step(START);
    const again = await desk.step(START);
    expect(again.view.services[0]?.scheduler).toBe('wlc');
    expect(again.future).toEqual([]);
  });

  it('ends at the start', async () => {
    const desk = await loaded();
    await desk.step(START);
    await desk.stepBack(START);
    const start = await desk.stepBack(START);
    expect(start.view.eventsFired).toBe(0);
  });
});

describe('what cannot be loaded', () => {
  it('comes back with its place, and the world that runs goes on', async () => {
    const desk = await loaded();
    await runTo(desk, 2);
    const answer = await desk.load({
      kind: 'text',
      text: '-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -q x\n',
    });
    expect(answer).toMatchObject({ ok: false, format: 'rules' });
    expect(answer.ok ? undefined : answer.problems[0]?.line).toBe(2);
    expect((await runTo(desk, 3)).view.services[0]?.label).toBe('TCP 192.168.1.6:80');
  });

  it('runs real rules with and without the program’s name before them', async () => {
    const desk = await loaded();
    const text = 'ipvsadm -A -t 10.0.0.1:80 -s wlc\nipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 2\n';
    expect(await desk.load({ kind: 'text', text })).toMatchObject({ ok: true });
    const { view, commands } = await runTo(desk, 3);
    expect(view.services[0]?.servers[0]).toMatchObject({ address: '10.0.0.2', weight: 2 });
    expect(commands.filter((record) => record.rc !== 0)).toEqual([]);
    expect(view.workloads[0]?.succeeded).toBeGreaterThan(10);
  });
});

describe('two directors', () => {
  it('tells whose a decision is, and explains it by the tables of the one that made it', async () => {
    const desk = await loaded('failover-keepalived');
    const before = await runTo(desk, 20);
    expect(new Set(before.decisions.map(({ director }) => director))).toEqual(new Set(['d1']));
    const after = await runTo(desk, 60);
    const last = after.decisions.at(-1);
    expect(last).toMatchObject({ director: 'd2', seq: after.decided['d2'] });
    expect(last?.serviceId).toBe(after.view.services.find((one) => one.director === 'd2')?.id);
    const why = await desk.explain({ director: 'd2', seq: last?.seq ?? -1 });
    expect(why?.row).toMatchObject({ director: 'd2', source: last?.source });
    expect(why?.chosenName).toMatch(/^rs/);
    const first = await desk.explain({ director: 'd1', seq: before.decided['d1'] ?? -1 });
    expect(first?.row).toMatchObject({ director: 'd1', source: before.decisions.at(-1)?.source });
  });
});

describe('why a server of weight 0 still gets traffic', () => {
  it('knows what ldirectord did, and what the director is told meanwhile', async () => {
    const desk = await loaded('ldirectord-quiescent');
    const before = await runTo(desk, 20);
    const id = before.view.services[0]?.id ?? -1;
    expect((await desk.weightZero('d1', id))?.now).toMatchObject({
      atZero: [],
      quiescent: true,
      ldirectord: true,
    });
    const { view } = await runTo(desk, 60);
    expect(view.now).toBe(60e9);
    await desk.execute('d1', 'sysctl -w net.ipv4.vs.expire_quiescent_template=1', START);
    const seen = await desk.weightZero('d1', id);
    expect(seen?.now).toMatchObject({
      atZero: ['rs1'],
      persistent: true,
      expireNodestConn: false,
      expireQuiescentTemplate: true,
    });
    expect(seen?.answers).toHaveLength(32);
  });

  it('takes a server that was deleted for one', async () => {
    const desk = await loaded('dies-removed');
    const { view } = await runTo(desk, 75);
    const seen = await desk.weightZero('d1', view.services[0]?.id ?? -1);
    expect(seen?.now).toMatchObject({ deleted: ['rs1'], quiescent: false });
    expect(await desk.weightZero('d1', 12_345)).toBeUndefined();
  });
});
