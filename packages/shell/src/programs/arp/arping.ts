import {
  announce,
  ARP_REPLY,
  ARP_REQUEST,
  BROADCAST_MAC,
  ETHERTYPE_ARP,
  hostNamed,
  openFrames,
  sendArpFrame,
  setAlarm,
  takeFrames,
} from '@lvscope/cluster';
import type { FrameRecord } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { formatIpv4, formatMac } from '@lvscope/inet';
import { lasting } from '../../run/lasting.ts';
import type { Lasting, Run } from '../../run/lasting.ts';
import { planArping } from './arping-options.ts';
import type { ArpingPlan } from './arping-options.ts';

interface ArpingState {
  readonly plan: ArpingPlan;
  /** The alarms that have gone off, the first at once. */
  ticks: number;
  readonly begunAt: number;
  sentAt: number;
  sent: number;
  broadcasts: number;
  received: number;
  heardBroadcasts: number;
  heardRequests: number;
  /** Where the next question goes. */
  to: number;
}

const NEEDS_FRAMES = 'arping: this world runs without frames (detail: connection), so nobody can be asked\n';

/** iputils' arping: a question a second, the first to all, later ones to who has answered. */
export const arping: Lasting = lasting<ArpingState>({
  start: (run, args) => {
    const plan = planArping(run.world, run.host, args);
    if ('err' in plan) {
      if (plan.rc === 0) run.print('arping from iputils 20221126\n');
      run.complain(plan.err);
      run.exit(plan.rc);
      return undefined;
    }
    const watch = openFrames(run.world, run.process, [plan.interfaceId]);
    if (watch === undefined && (plan.mode === 'ask' || plan.mode === 'duplicate')) {
      run.complain(NEEDS_FRAMES);
      run.exit(1);
      return undefined;
    }
    const state: ArpingState = {
      plan,
      ticks: 0,
      begunAt: run.world.sim.now,
      sentAt: 0,
      sent: 0,
      broadcasts: 0,
      received: 0,
      heardBroadcasts: 0,
      heardRequests: 0,
      to: BROADCAST_MAC,
    };
    say(run, state, `ARPING ${formatIpv4(plan.target)} from ${formatIpv4(plan.source)} ${plan.device}\n`);
    tick(run, state);
    return state;
  },
  wake: (run, state, messages) => {
    const [watch] = run.process.watches;
    for (const frame of watch === undefined ? [] : takeFrames(watch)) {
      if (run.process.status !== 'exited') hear(run, state, frame);
    }
    if (run.process.status === 'exited') return;
    if (messages.some(({ kind }) => kind === 'alarm')) tick(run, state);
  },
  signal: (run, state, signal) => {
    if (signal !== 'INT') return false;
    finish(run, state);
    return true;
  },
});

function say(run: Run, { plan }: ArpingState, text: string): void {
  if (!plan.quiet) run.print(text);
}

/** Once an interval: sends, or ends when all was sent and the last one had its interval, or time is up. */
function tick(run: Run, state: ArpingState): void {
  const { plan } = state;
  const { now } = run.world.sim;
  state.ticks++;
  if (plan.count > 0 && state.ticks > plan.count) return finish(run, state);
  const end = plan.timeout > 0 ? state.begunAt + plan.timeout * 1e9 : Number.POSITIVE_INFINITY;
  sendOne(run, state);
  if (now >= end) return finish(run, state);
  setAlarm(run.world, run.process, Math.min(end, now + plan.interval * 1e9) as SimTime);
}

function sendOne(run: Run, state: ArpingState): void {
  const { world, host } = run;
  const { plan } = state;
  const answering = plan.mode === 'answer';
  state.sent++;
  state.sentAt = world.sim.now;
  if (state.to === BROADCAST_MAC) state.broadcasts++;
  const machine = hostNamed(world, host);
  // at connection level there is only who is believed to have an address
  if (machine !== undefined && (answering || plan.mode === 'unsolicited')) {
    announce(world.net, machine, plan.source);
  }
  sendArpFrame(
    world,
    host,
    plan.device,
    {
      operation: answering ? ARP_REPLY : ARP_REQUEST,
      senderMac: plan.mac,
      senderAddress: plan.source,
      targetMac: answering ? plan.mac : state.to,
      targetAddress: plan.target,
    },
    state.to,
  );
}

/** iputils arping.c, recv_pack: what counts as an answer. */
function hear(run: Run, state: ArpingState, frame: FrameRecord): void {
  const { plan } = state;
  const { arp } = frame;
  const toAll = frame.destinationMac === BROADCAST_MAC;
  if (frame.ethertype !== ETHERTYPE_ARP || frame.direction !== 'in' || arp === undefined) return;
  if (!toAll && frame.destinationMac !== plan.mac) return;
  if (arp.senderAddress !== plan.target) return;
  const meant = arp.targetAddress === plan.source;
  if (plan.mode === 'duplicate') {
    if (arp.senderMac === plan.mac || (plan.source !== 0 && !meant)) return;
  } else if (!meant || arp.targetMac !== plan.mac) return;
  state.received++;
  if (toAll) state.heardBroadcasts++;
  if (arp.operation === ARP_REQUEST) state.heardRequests++;
  const microseconds = Math.round((frame.at - state.sentAt) / 1e3);
  const time = `${Math.floor(microseconds / 1000)}.${String(microseconds % 1000).padStart(3, '0')}ms`;
  const what = `${toAll ? 'Broadcast' : 'Unicast'} ${arp.operation === ARP_REPLY ? 'reply' : 'request'}`;
  const mac = formatMac(arp.senderMac).toUpperCase();
  say(run, state, `${what} from ${formatIpv4(arp.senderAddress)} [${mac}]  ${time}\n`);
  if (!plan.broadcastOnly) state.to = arp.senderMac;
  const enough = plan.timeout > 0 && plan.count > 0 && state.received === plan.count;
  if (plan.firstReplyIsEnough || enough) finish(run, state);
}

function finish(run: Run, state: ArpingState): void {
  const { plan, sent, broadcasts, received, heardBroadcasts, heardRequests } = state;
  const kinds = [
    ...(heardRequests > 0 ? [`${heardRequests} request(s)`] : []),
    ...(heardBroadcasts > 0 ? [`${heardBroadcasts} broadcast(s)`] : []),
  ];
  const more = kinds.length > 0 ? ` (${kinds.join(', ')})` : '';
  say(
    run,
    state,
    `Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)${more}\n`,
  );
  run.exit(exitCode(plan, sent, received));
}

function exitCode({ mode }: ArpingPlan, sent: number, received: number): number {
  if (mode === 'duplicate') return received > 0 ? 1 : 0;
  if (mode === 'answer' || mode === 'unsolicited') return 0;
  return sent === received ? 0 : 1;
}
