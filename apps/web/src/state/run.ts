import type { Remote } from 'comlink';
import type { Api, Batch, CaptureAnswer, Cursor, DecisionId, LoadAnswer, Source } from '../worker/api.ts';
import { frameRate } from '../packets/pace.ts';
import { absorbFrames, announceFrames, forgetPackets, frameLog } from '../packets/store.ts';
import { absorb, cursorOf } from './batches.ts';
import { dueAsks, takeAnswers, whenAsked } from './asks.ts';
import { type Link, openLink } from './link.ts';

import { followed, isSame } from './select.ts';
import { NO_ROWS } from './series.ts';
import { FIRST_SPEED, page, type PageState, type Speed } from './store.ts';
import { takeTerminals, terminalCursors, whenOpened } from './terminals.ts';

/** Time that the worker may take for one batch, milliseconds. */
const BUDGET_MS = 10;
const BUDGET_AT_MOST_SPEED_MS = 24;
/** Frame by frame, the time in which nothing is on a wire passes this fast. */
const IDLE_SPEED = 1;
/** React draws again at most this often while time runs, milliseconds; moving dots do not wait for it. */
const DRAW_EVERY_MS = 66;

let link: Link | undefined;
let asked = false;
/** Somebody wants to look as soon as the question under way is answered. */
let again = false;
let lastWallMs: number | undefined;
let targetNs = 0;
let lastDrawnMs = 0;
/** What batches brought since the screen was drawn last. */
let waiting: Partial<PageState> | undefined;
/** Raised by whatever makes batches under way worthless: loading and jumping in time. */
let generation = 0;

function api(): Remote<Api> {
  return presentLink().api;
}

/** A question that was answered by an error is a bug of the simulator: the run stops, the page lives on. */
function brokenBy(words: string): void {
  page.setState({ broken: words, playing: false, seekingNs: undefined });
}

function failed(error: unknown): void {
  brokenBy(error instanceof Error ? error.message : String(error));
}

/** The worker that is asked. */
export function presentLink(): Link {
  link ??= openLink(brokenBy);
  return link;
}

/**
 * Looks at another worker's run from now on, as soon as it has come to the same time.
 * @returns the one that was asked until now
 */
export function exchangeLink(next: Link): Link {
  const before = presentLink();
  link = next;
  const now = page.getState().view?.now ?? 0;
  forgetTime(now);
  const unknown = { picked: undefined, explanation: undefined };
  page.setState({ epoch: -1, seen: NO_ROWS, seekingNs: now, ...unknown });
  return before;
}

/** Ends the worker; the next question starts a new one. */
export function endWorker(): void {
  link?.end();
  link = undefined;
  asked = false;
}

export async function loadPresets(): Promise<void> {
  page.setState({ presets: await api().presets() });
}

/** Loads another world. What could not be loaded leaves the present one alone. */
export async function load(source: Source): Promise<LoadAnswer> {
  if (page.getState().broken !== undefined) endWorker();
  const answer = await api().load(source);
  if (!answer.ok) return answer;
  forgetTime(0);
  page.setState({
    scenario: answer.scenario,
    presetId: source.kind === 'preset' ? source.id : undefined,
    epoch: -1,
    view: undefined,
    series: NO_ROWS,
    seen: NO_ROWS,
    commands: [],
    decisions: [],
    decided: {},
    future: [],
    serviceKey: undefined,
    picked: undefined,
    explanation: undefined,
    seekingNs: undefined,
    notice: undefined,
    broken: undefined,
    assumptionsOpen: answer.scenario.assumptions.length > 0,
    speed: paceFor(answer.scenario, page.getState()),
  });
  forgetPackets();
  pullOnce();
  return answer;
}

/** A run of frames begins frame by frame, so that they can be seen; one of connections as fast as before. */
function paceFor({ detail }: PageState['scenario'] & object, before: PageState): Speed {
  if (detail === before.scenario?.detail) return before.speed;
  if (detail === 'packet') return 'frames';
  return before.speed === 'frames' ? FIRST_SPEED : before.speed;
}

function forgetTime(ns: number): void {
  generation++;
  waiting = undefined;
  targetNs = ns;
  lastWallMs = undefined;
}

export function play(playing: boolean): void {
  lastWallMs = undefined;
  targetNs = page.getState().view?.now ?? 0;
  page.setState({ playing });
}

export function setSpeed(speed: Speed): void {
  targetNs = page.getState().view?.now ?? 0;
  page.setState({ speed });
}

/** Pauses and lets one event happen. */
export async function stepEvent(): Promise<void> {
  play(false);
  const mine = generation;
  try {
    take(await api().step(cursorOf(upToDate())), mine);
  } catch (error) {
    failed(error);
  }
}

/** Pauses and runs until a frame is seen leaving, arriving, or lost. */
export async function stepFrame(): Promise<void> {
  play(false);
  const mine = generation;
  try {
    take(await api().stepFrame(cursorOf(upToDate())), mine);
  } catch (error) {
    failed(error);
  }
}

/** The run up to now as a pcapng file, of an interface, a host, a network, or (empty) all. */
export async function recordCapture(at: string): Promise<CaptureAnswer> {
  return api().record(at);
}

/** The time up to which the page has heard, which may be later than what React has drawn. */
export function nowNs(): number {
  return upToDate().view?.now ?? 0;
}

/** Pauses and goes back over the last event; what was seen beyond it stays, faintly. */
export async function stepBack(): Promise<void> {
  play(false);
  const state = upToDate();
  forgetTime(state.view?.now ?? 0);
  const mine = generation;
  page.setState({ seen: longer(state), seekingNs: undefined });
  try {
    take(await api().stepBack(cursorOf(upToDate())), mine);
  } catch (error) {
    failed(error);
  }
}

/** Carries out a command now; it shows at once, however busy the run is. */
export async function execute(host: string, command: string): Promise<void> {
  await interfere(async (cursor) => api().execute(host, command, cursor));
}

/** Types a line at a host's prompt. */
export async function typeInTerminal(host: string, line: string): Promise<void> {
  await interfere(async (cursor) => api().type(host, line, cursor));
}

/** Ctrl-C at a host's prompt. */
export async function interruptTerminal(host: string): Promise<void> {
  await interfere(async (cursor) => api().interrupt(host, cursor));
}

/** What the user does to the run: what was seen of its future is void. */
async function interfere(how: (cursor: Cursor) => Promise<Batch>): Promise<void> {
  const mine = generation;
  try {
    const batch = await how(cursorOf(upToDate()));
    page.setState({ seen: NO_ROWS });
    take(batch, mine);
  } catch (error) {
    failed(error);
  }
}

/** Jumps to a time; forward it runs there, back it restores and replays. */
export async function seek(ns: number): Promise<void> {
  const to = Math.max(0, Math.round(ns));
  const state = upToDate();
  const now = state.view?.now ?? 0;
  forgetTime(to);
  const mine = generation;
  page.setState({ seekingNs: to, ...(to < now ? { seen: longer(state) } : {}) });
  // on its way to a later moment the worker may stand beyond what was drawn
  if (to < Math.max(now, state.seekingNs ?? 0)) await api().seek(to);
  if (mine === generation) pullOnce();
}

function longer(state: PageState): PageState['series'] {
  return (state.seen.time.at(-1) ?? -1) > (state.series.time.at(-1) ?? -1) ? state.seen : state.series;
}

/** While the newest decision is followed, another one is explained at most this often, milliseconds. */
const EXPLAIN_EVERY_MS = 200;
/** Slow answers are asked for less often, but not less than this, milliseconds. */
const EXPLAIN_AT_LEAST_EVERY_MS = 1500;

let explaining = false;
let explainAgainMs = 0;
let explainTimer: ReturnType<typeof setTimeout> | undefined;

/** Explains the decision that was picked, or the newest; asks once at a time. */
export async function refreshExplanation(): Promise<void> {
  const { picked, explanation } = page.getState();
  const wanted = picked ?? followed(page.getState());
  if (explaining || wanted === undefined || isSame(explanation?.row, wanted)) return;
  const startMs = performance.now();
  if (picked === undefined && explanation !== undefined && startMs < explainAgainMs) {
    explainLater(explainAgainMs - startMs);
    return;
  }
  explaining = true;
  try {
    const mine = generation;
    const { director, seq } = wanted;
    const answer = await api().explain({ director, seq });
    if (mine === generation && isSame(page.getState().picked ?? wanted, wanted))
      page.setState({ explanation: answer });
  } finally {
    explaining = false;
    const tookMs = performance.now() - startMs;
    explainAgainMs =
      performance.now() + Math.min(EXPLAIN_AT_LEAST_EVERY_MS, Math.max(EXPLAIN_EVERY_MS, 4 * tookMs));
    explainLater(explainAgainMs - performance.now());
  }
}

/** The last decision before a pause is explained too, though nothing more is drawn then. */
function explainLater(ms: number): void {
  if (explainTimer !== undefined) return;
  explainTimer = setTimeout(() => {
    explainTimer = undefined;
    void refreshExplanation();
  }, ms);
}

/** Holds a decision; undefined follows the newest again. */
export function pick(decision: DecisionId | undefined): void {
  page.setState({ picked: decision });
  void refreshExplanation();
}

function take(batch: Batch, mine: number): void {
  if (mine !== generation) return;
  waiting = { ...waiting, ...absorb(upToDate(), batch) };
  absorbFrames(batch.frames);
  draw();
  // terminals and tools' output come with the next look
  pullOnce();
}

/** The state with everything in it that came, drawn or not. */
function upToDate(): PageState {
  return { ...page.getState(), ...waiting };
}

function draw(): void {
  if (waiting !== undefined) page.setState(waiting);
  waiting = undefined;
  announceFrames(page.getState().scenario?.detail === 'packet');
  void refreshExplanation();
}

/** Looks once, without letting time pass; while it runs, the next batch is near anyway. */
function pullOnce(): void {
  const { playing, seekingNs, epoch, scenario } = page.getState();
  again = asked;
  if (asked || scenario === undefined) return;
  if (seekingNs === undefined && epoch >= 0) void pull('stay', BUDGET_MS);
  else if (!playing) void pull(seekingNs ?? 0, BUDGET_MS);
}

async function pull(to: number | 'stay' | undefined, budgetMs: number, idleTargetNs?: number): Promise<void> {
  asked = true;
  const mine = generation;
  try {
    const cursor = cursorOf(upToDate());
    const batch = await api().pull({
      targetNs: to,
      budgetMs,
      idleTargetNs,
      cursor,
      asks: dueAsks(page.getState().playing ? performance.now() : undefined),
      terminals: terminalCursors(cursor.epoch),
    });
    if (mine !== generation) return;
    const fresh = batch.epoch !== upToDate().epoch;
    waiting = { ...waiting, ...absorb(upToDate(), batch), ...(to === 'stay' ? seekGoesOn() : {}) };
    absorbFrames(batch.frames);
    // a terminal of another world begins with the commands that made it
    if (fresh) draw();
    takeAnswers(batch.answers);
    takeTerminals(batch.terminals, batch.epoch);
  } catch (error) {
    failed(error);
  } finally {
    asked = false;
    if (again) pullOnce();
  }
}

/** Only looking reaches no goal. */
function seekGoesOn(): Pick<PageState, 'seekingNs'> {
  return { seekingNs: page.getState().seekingNs };
}

/** One turn of the screen: draw what came, then ask for the next. Drawing never advances the model. */
function turn(wallMs: number): void {
  requestAnimationFrame(turn);
  const due = wallMs - lastDrawnMs >= DRAW_EVERY_MS;
  if (waiting !== undefined && (due || !page.getState().playing)) {
    lastDrawnMs = wallMs;
    draw();
  }
  const state = page.getState();
  const elapsedMs = lastWallMs === undefined ? 0 : Math.min(100, wallMs - lastWallMs);
  lastWallMs = wallMs;
  if (asked || state.scenario === undefined || state.broken !== undefined) return;
  if (state.seekingNs !== undefined) void pull(state.seekingNs, BUDGET_AT_MOST_SPEED_MS);
  else if (state.epoch < 0) void pull(0, BUDGET_MS);
  else if (state.playing) pullNext(state.speed, elapsedMs);
}

function pullNext(speed: Speed, elapsedMs: number): void {
  if (speed === 'max') {
    void pull(undefined, BUDGET_AT_MOST_SPEED_MS);
    return;
  }
  const now = upToDate().view?.now ?? 0;
  if (speed === 'frames') {
    const target = now + elapsedMs * 1e6 * frameRate(frameLog.flights, now);
    void pull(Math.round(target), BUDGET_MS, Math.round(now + elapsedMs * 1e6 * IDLE_SPEED));
    return;
  }
  // a machine that can't keep up runs slower instead of falling behind
  targetNs = Math.min(Math.max(targetNs, now) + elapsedMs * 1e6 * speed, now + 250e6 * Math.max(1, speed));
  void pull(Math.round(targetNs), BUDGET_MS);
}

export function startTurning(): void {
  whenAsked(pullOnce);
  whenOpened(pullOnce);
  requestAnimationFrame(turn);
}
