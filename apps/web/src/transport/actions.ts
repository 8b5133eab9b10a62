import { walkFrames } from '../packets/PacketList.tsx';
import { packets, selectFrame } from '../packets/store.ts';
import * as m from '../paraglide/messages.js';
import { pick, play, seek, setSpeed, stepBack, stepEvent, stepFrame } from '../state/run.ts';
import { forkNow } from '../state/fork.ts';
import { panels, showTab } from '../state/panels.ts';
import { followed } from '../state/select.ts';
import { page, type Speed } from '../state/store.ts';

/** The speeds that − and + go through: how much simulated time passes in one of the screen's seconds. */
const SPEEDS: readonly Speed[] = ['frames', 0.001, 0.01, 0.1, 1, 2, 5, 10, 30, 100, 300, 1000, 'max'];

/** Where nothing is a frame, nothing can go frame by frame. */
export function speedsFor(detail: 'connection' | 'packet' | undefined): readonly Speed[] {
  return detail === 'packet' ? SPEEDS : SPEEDS.filter((speed) => speed !== 'frames');
}

/** Something that a key or a button does; its id never changes. */
export interface Action {
  readonly id: string;
  /** `KeyboardEvent.key` values. */
  readonly keys: readonly string[];
  /** How the keys are written in the help. */
  readonly keyText: string;
  readonly label: () => string;
  readonly run: () => void;
}

function move(seconds: number): void {
  const { seekingNs, view } = page.getState();
  void seek((seekingNs ?? view?.now ?? 0) + seconds * 1e9);
}

function faster(steps: number): void {
  const { speed: now, scenario } = page.getState();
  const speeds = speedsFor(scenario?.detail);
  const speed = speeds[Math.max(0, Math.min(speeds.length - 1, speeds.indexOf(now) + steps))];
  if (speed !== undefined) setSpeed(speed);
}

/** Closes what lies on top: the frame, then the connection that is followed, then the decision. */
function letGo(): void {
  const { selected, flow } = packets.getState();
  if (selected !== undefined) selectFrame(undefined);
  else if (flow !== undefined) packets.setState({ flow: undefined });
  else pick(undefined);
}

function turnDrawer(): void {
  packets.setState({ drawer: packets.getState().drawer === 'packets' ? 'timeline' : 'packets' });
}

/** Shows the decision of the same director before or after the one that is shown. */
function walkDecisions(by: number): void {
  const { picked, decisions, decided } = page.getState();
  const from = picked ?? followed(page.getState());
  if (from === undefined) return;
  const { director } = from;
  const oldest = decisions.find((row) => row.director === director)?.seq ?? 0;
  const seq = Math.max(oldest, Math.min(decided[director] ?? -1, from.seq + by));
  if (seq >= 0) pick({ director, seq });
}

/** Every action with its keys: the one table that the keyboard, the buttons and the help read. */
export const ACTIONS: readonly Action[] = [
  {
    id: 'time.play',
    keys: [' '],
    keyText: 'Space',
    label: m.action_play,
    run: () => play(!page.getState().playing),
  },
  { id: 'time.step', keys: ['.'], keyText: '.', label: m.action_step, run: () => void stepEvent() },
  {
    id: 'time.step-frame',
    keys: ['>'],
    keyText: '>',
    label: m.action_step_frame,
    run: () => void stepFrame(),
  },
  { id: 'time.step-back', keys: [','], keyText: ',', label: m.action_step_back, run: () => void stepBack() },
  { id: 'time.back', keys: ['ArrowLeft'], keyText: '←', label: m.action_back, run: () => move(-1) },
  { id: 'time.forward', keys: ['ArrowRight'], keyText: '→', label: m.action_forward, run: () => move(1) },
  { id: 'time.slower', keys: ['-', '_'], keyText: '−', label: m.action_slower, run: () => faster(-1) },
  { id: 'time.faster', keys: ['+', '='], keyText: '+', label: m.action_faster, run: () => faster(1) },
  { id: 'time.start', keys: ['Home'], keyText: 'Home', label: m.action_start, run: () => void seek(0) },
  { id: 'frames.next', keys: ['n'], keyText: 'n', label: m.action_next_frame, run: () => walkFrames(1) },
  {
    id: 'frames.previous',
    keys: ['N'],
    keyText: 'N',
    label: m.action_previous_frame,
    run: () => walkFrames(-1),
  },
  { id: 'frames.drawer', keys: ['p'], keyText: 'p', label: m.action_packets, run: turnDrawer },
  { id: 'why.previous', keys: ['['], keyText: '[', label: m.action_previous, run: () => walkDecisions(-1) },
  { id: 'why.next', keys: [']'], keyText: ']', label: m.action_next, run: () => walkDecisions(1) },
  {
    id: 'why.follow',
    keys: ['Escape'],
    keyText: 'Esc',
    label: m.action_follow,
    run: letGo,
  },
  {
    id: 'time.fork',
    keys: ['f', 'F'],
    keyText: 'F',
    label: m.action_fork,
    run: () => {
      void forkNow().then(() => showTab('futures'));
    },
  },
  {
    id: 'palette.open',
    // taken by the palette itself, for with Ctrl it works in fields too
    keys: [],
    keyText: 'Ctrl K',
    label: m.palette_open,
    run: () => panels.setState({ paletteOpen: true }),
  },
  {
    id: 'import.open',
    keys: ['i'],
    keyText: 'I',
    label: m.action_import,
    run: () => page.setState({ importOpen: true }),
  },
  {
    id: 'verified.open',
    keys: ['v'],
    keyText: 'V',
    label: m.verified_title,
    run: () => panels.setState({ verifiedOpen: true }),
  },
  {
    id: 'weight-zero.open',
    keys: ['w'],
    keyText: 'W',
    label: m.zero_title,
    run: () => panels.setState({ weightZeroOpen: true }),
  },
  {
    id: 'help.open',
    keys: ['?'],
    keyText: '?',
    label: m.action_help,
    run: () => page.setState({ helpOpen: true }),
  },
];

export function actionOf(id: string): Action | undefined {
  return ACTIONS.find((action) => action.id === id);
}

/** The action of a key pressed outside of fields, menus and dialogs. With Ctrl it is the browser's. */
export function actionFor(event: KeyboardEvent): Action | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
  const target = event.target;
  if (target instanceof Element) {
    if (target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]'))
      return undefined;
    const pressable = target.closest('button, a, [role="tab"]');
    if (pressable !== null && (event.key === ' ' || event.key === 'Enter')) return undefined;
    if (target.closest('[role="tablist"]') !== null && event.key.startsWith('Arrow')) return undefined;
  }
  return ACTIONS.find((action) => action.keys.includes(event.key));
}
