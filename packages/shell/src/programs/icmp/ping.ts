import { openTap, ping as sendPing, readTap, setAlarm } from '@lvscope/cluster';
import type { TapRecord } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { formatIpv4, PROTO_ICMP } from '@lvscope/inet';
import { lasting } from '../../run/lasting.ts';
import type { Lasting, Run } from '../../run/lasting.ts';
import { ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE, icmpErrorText } from './icmp-text.ts';
import { planPing } from './ping-options.ts';
import type { PingPlan } from './ping-options.ts';
import { BUSYBOX, IPUTILS } from './ping-text.ts';
import type { PingText } from './ping-text.ts';

/** What a ping remembers. Times are ns. */
export interface PingState {
  readonly plan: PingPlan;
  readonly id: number;
  readonly begunAt: number;
  /** Bytes of an IP packet that the way there takes, as far as is known. */
  mtu: number;
  lastSentAt: number;
  sent: number;
  received: number;
  duplicates: number;
  errors: number;
  /** When the last many requests were sent, by number modulo their count. */
  readonly sentAt: number[];
  readonly answered: boolean[];
  readonly roundTrips: { least: number; most: number; sum: number; squares: number };
  /** After the last request: when to give up. */
  giveUpAt: number;
}

/** Requests whose times are remembered. */
const REMEMBERED = 1024;
/** Without `-W` and without any answer. */
const LONGEST_LINGER_NS = 10e9;

function pingWith(text: PingText): Lasting {
  return lasting<PingState>({
    start: (run, args) => {
      const plan = planPing(run.world, run.host, args);
      if ('err' in plan) {
        const { out, err, rc } = text.refused(plan);
        if (out !== '') run.print(out);
        run.complain(err);
        run.exit(rc);
        return undefined;
      }
      openTap(run.world, run.process, { direction: 'in' });
      const state = newState(run, plan);
      run.print(text.header(plan));
      sendNext(run, state, text);
      return state;
    },
    wake: (run, state, messages) => {
      const [tap] = run.process.taps;
      for (const record of tap === undefined ? [] : readTap(tap)) {
        if (run.process.status !== 'exited') hear(run, state, text, record);
      }
      if (run.process.status === 'exited' || !messages.some(({ kind }) => kind === 'alarm')) return;
      if (run.world.sim.now >= state.giveUpAt) finish(run, state, text);
      else sendNext(run, state, text);
    },
    signal: (run, state, signal) => {
      if (signal !== 'INT') return false;
      finish(run, state, text);
      return true;
    },
  });
}

function newState(run: Run, plan: PingPlan): PingState {
  const { now } = run.world.sim;
  return {
    plan,
    id: run.process.pid & 0xffff,
    begunAt: now,
    mtu: plan.mtu,
    lastSentAt: now,
    sent: 0,
    received: 0,
    duplicates: 0,
    errors: 0,
    sentAt: [],
    answered: [],
    roundTrips: { least: Number.POSITIVE_INFINITY, most: 0, sum: 0, squares: 0 },
    giveUpAt: plan.deadlineNs > 0 ? now + plan.deadlineNs : Number.POSITIVE_INFINITY,
  };
}

/** Sends the next request and sets the alarm for the one after it, or for giving up. */
function sendNext(run: Run, state: PingState, text: PingText): void {
  const { plan } = state;
  const { now } = run.world.sim;
  const number = ++state.sent;
  state.lastSentAt = now;
  state.sentAt[number % REMEMBERED] = now;
  state.answered[number % REMEMBERED] = false;
  if (plan.discovery === 'do' && plan.size + 28 > state.mtu) {
    state.errors++;
    run.complain(`ping: local error: message too long, mtu=${state.mtu}\n`);
  } else {
    sendPing(run.world, run.host, plan.target, {
      id: state.id,
      number: number & 0xffff,
      bytes: plan.size,
      source: plan.source,
      dontFragment: plan.discovery !== 'dont',
      ...(plan.ttl !== undefined && { ttl: plan.ttl }),
    });
  }
  if (isOver(state)) return finish(run, state, text);
  const last = plan.count > 0 && state.sent >= plan.count;
  if (last && plan.deadlineNs === 0) state.giveUpAt = now + lingerOf(state);
  const next = last ? state.giveUpAt : Math.min(now + plan.intervalNs, state.giveUpAt);
  setAlarm(run.world, run.process, next as SimTime);
}

/** iputils ping_common.c, __schedule_exit: how long to wait for the last answers. */
function lingerOf({ plan, received, roundTrips }: PingState): number {
  if (plan.lingerNs !== undefined) return plan.lingerNs;
  return received > 0 ? Math.max(2 * roundTrips.most, plan.intervalNs) : LONGEST_LINGER_NS;
}

const isOver = ({ plan, received, errors }: PingState): boolean =>
  (plan.count > 0 && received + errors >= plan.count) || (plan.deadlineNs > 0 && errors > 0);

function hear(run: Run, state: PingState, text: PingText, record: TapRecord): void {
  if (record.protocol !== PROTO_ICMP || record.direction !== 'in') return;
  if (record.icmpType === 0 && record.innerSourcePort === state.id) hearReply(run, state, text, record);
  else if (record.icmpType === ICMP_UNREACHABLE || record.icmpType === ICMP_TIME_EXCEEDED) {
    const mine = record.innerProtocol === PROTO_ICMP && record.innerSourcePort === state.id;
    if (!mine || record.innerDestination !== state.plan.target) return;
    state.errors++;
    if (record.icmpCode === 4) state.mtu = record.icmpMtu;
    const where = `From ${formatIpv4(record.source)} icmp_seq=${record.innerDestinationPort}`;
    if (!state.plan.quiet) run.print(`${where} ${icmpErrorText(record)}\n`);
  } else return;
  if (isOver(state)) finish(run, state, text);
}

function hearReply(run: Run, state: PingState, text: PingText, record: TapRecord): void {
  const number = numberOf(state, record.innerDestinationPort);
  const sentAt = state.sentAt[number % REMEMBERED];
  if (sentAt === undefined) return;
  const ns = record.at - sentAt;
  const again = state.answered[number % REMEMBERED] === true;
  state.answered[number % REMEMBERED] = true;
  if (again) state.duplicates++;
  else {
    const { roundTrips } = state;
    state.received++;
    roundTrips.least = Math.min(roundTrips.least, ns);
    roundTrips.most = Math.max(roundTrips.most, ns);
    roundTrips.sum += ns;
    roundTrips.squares += ns * ns;
  }
  if (state.plan.quiet) return;
  const { source, payload, ttl } = record;
  run.print(text.reply({ source, bytes: payload + 8, number, ttl, ns, again }));
}

/** The request that a number of 16 bits stands for. */
function numberOf({ sent }: PingState, number: number): number {
  return sent - ((sent - number) & 0xffff);
}

function finish(run: Run, state: PingState, text: PingText): void {
  const { plan, received } = state;
  run.print(text.statistics(state));
  const short = plan.deadlineNs > 0 && plan.count > 0 && received < plan.count;
  run.exit(received > 0 && !short ? 0 : 1);
}

/** iputils' ping, of Debian. */
export const ping: Lasting = pingWith(IPUTILS);

/** busybox' ping, which the recorded machine has. */
export const busyboxPing: Lasting = pingWith(BUSYBOX);
