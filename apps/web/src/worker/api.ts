import type {
  BeliefHistory,
  Candidate as EngineCandidate,
  CapacityPoint,
  CommandRecord,
  Completion,
  Explanation as EngineExplanation,
  FrameReason,
  InterfaceRow,
  HaView,
  Reason,
  Series,
  WeightZeroAnswer,
  WorldView,
} from '@lvscope/cluster';
import type { CapacityAssumptions, Method, PresetEntry, Scenario } from '@lvscope/scenario';
import type { FaultGroup } from '@lvscope/shell';

/** What can be loaded: a preset by its id, a text that a user gave, or a document that the page made. */
export type Source =
  | { readonly kind: 'preset'; readonly id: string; readonly detail?: Scenario['detail'] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'document'; readonly scenario: Scenario };

/** Something in a text that a user can put right. Lines and columns count from 1; 0 = the text as a whole. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly wanted: string;
}

export type TextFormat = 'rules' | 'scenario';

export type LoadAnswer =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly format: TextFormat; readonly problems: readonly Problem[] };

/** Names a scheduling decision: each director counts its own. */
export interface DecisionId {
  readonly director: string;
  readonly seq: number;
}

/** One scheduling decision as a list shows it. */
export interface DecisionRow extends DecisionId {
  readonly atNs: number;
  readonly source: string;
  readonly destination: string;
  /** Id, on its director, of the service of the chosen server, -1 = no server, or one that is gone. */
  readonly serviceId: number;
  /** Destination id of the chosen server, -1 = none. */
  readonly chosen: number;
  readonly cause: DecisionCause;
}

export type DecisionCause =
  | 'scheduled'
  | 'template'
  | 'rescheduled'
  | 'no-server'
  | 'not-eligible'
  | 'one-packet'
  | 'other';

/** Why nobody was chosen. */
export type Nobody = NonNullable<EngineExplanation['nobody']>;

/** One server as the scheduler saw it, and what became of it. */
export interface Candidate {
  readonly id: number;
  readonly name: string;
  readonly weight: number;
  readonly activeConns: number;
  readonly inactConns: number;
  /** The load that the scheduler compared, where it compares loads. */
  readonly cost: number | undefined;
  readonly verdict: EngineCandidate['verdict'];
}

/** Why a decision fell as it did: numbers, no sentences. */
export interface Explanation {
  readonly row: DecisionRow;
  readonly scheduler: string;
  readonly chosenName: string | undefined;
  readonly reason: Reason;
  readonly nobody: Nobody | undefined;
  readonly candidates: readonly Candidate[];
  /** The template that was hit: whom it holds, and what is left of it. */
  readonly template: { readonly network: string; readonly secondsLeft: number | undefined } | undefined;
  /** What other schedulers, bound now with fresh state, would take. */
  readonly others: readonly { readonly scheduler: string; readonly name: string | undefined }[];
}

/** Number of the newest decision, by director; those without any are left out. */
export type Decided = Readonly<Record<string, number>>;

/** Where a reader stands: the worker sends what lies behind. */
export interface Cursor {
  /** Raised whenever time went back or another world was loaded: all else starts again. */
  readonly epoch: number;
  readonly seriesRows: number;
  readonly seriesStepSeconds: number;
  readonly commands: number;
  /** Of these commands, those that had not ended: their places, and how much text of them was read. */
  readonly openCommands: readonly { readonly index: number; readonly length: number }[];
  /** The newest decision that was seen, by director. */
  readonly decided: Decided;
  /** The next frame, and the next reason, that is wanted. */
  readonly frame: number;
  readonly reason: number;
}

/** A command line that only looks: what a tool prints on a host now. It leaves no trace in the run. */
export interface Ask {
  readonly host: string;
  readonly line: string;
}

export interface Answer extends Ask {
  readonly text: string;
}

/** A host's terminal, and the place up to which its text was read. */
export interface TerminalCursor {
  readonly host: string;
  readonly since: number;
}

/** What came on a host's terminal. */
export interface TerminalChunk {
  readonly host: string;
  /** Place of the text's first character. */
  readonly from: number;
  readonly text: string;
  /** Place behind its last. */
  readonly next: number;
  /** A program is in the foreground. */
  readonly busy: boolean;
}

/** A host's end of a cable, and the segment that it leads to. Counters since the start. */
export interface CableState {
  readonly atNs: number;
  readonly host: string;
  readonly interface: string;
  readonly network: string;
  readonly up: boolean;
  /** 0 = without limit. */
  readonly bandwidthBitsPerSecond: number;
  /** One way. */
  readonly delayNs: number;
  readonly jitterNs: number;
  /** Share of packets, 0 to 1. */
  readonly loss: number;
  readonly mtu: number;
  /** What the sending queue holds at most, and about how many wait in it. */
  readonly queuePackets: number;
  readonly waitingPackets: number;
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly receivedBytes: number;
  readonly droppedPackets: number;
}

export interface Beliefs {
  readonly atNs: number;
  readonly histories: readonly BeliefHistory[];
}

/** What of a service decides who still gets traffic when a server is taken out, as it is set now. */
export interface WeightZeroSettings {
  readonly persistent: boolean;
  readonly expireNodestConn: boolean;
  readonly expireQuiescentTemplate: boolean;
  /** true: weight 0; false: deleted; undefined: no server is out, and nobody says how one would be. */
  readonly quiescent: boolean | undefined;
  /** Servers of weight 0, and those that no service of the director has, by name. */
  readonly atZero: readonly string[];
  readonly deleted: readonly string[];
  /** ldirectord takes servers out by itself, as its file says. */
  readonly ldirectord: boolean;
}

/** "Weight is 0, why does it still get traffic?": every case with its answer, and the present settings. */
export interface WeightZero {
  readonly answers: readonly WeightZeroAnswer[];
  readonly now: WeightZeroSettings;
}

export interface PullRequest {
  /** Run up to this time; `undefined` = as far as the budget allows; `stay` = only look. */
  readonly targetNs: number | 'stay' | undefined;
  readonly budgetMs: number;
  /**
   * Frame by frame: stop at the instant at which a frame is seen; while none is on a wire, time may run on to
   * here. undefined: `targetNs` alone counts.
   */
  readonly idleTargetNs?: number | undefined;
  readonly cursor: Cursor;
  readonly asks: readonly Ask[];
  readonly terminals: readonly TerminalCursor[];
}

export interface FutureCommand {
  readonly atNs: number;
  readonly host: string;
  readonly command: string;
}

/** What a pull, a step or a command brought: plain data. */
export interface Batch {
  readonly epoch: number;
  readonly view: WorldView;
  /** The target was reached within the budget. */
  readonly reached: boolean;
  /** Rows from `seriesFrom` on. */
  readonly series: Series;
  readonly seriesFrom: number;
  readonly commands: readonly CommandRecord[];
  readonly commandsFrom: number;
  /** Earlier commands that have grown or ended, by their places. */
  readonly grown: readonly { readonly index: number; readonly record: CommandRecord }[];
  /** The newest decisions behind the cursor, of all directors, oldest first, at most 64. */
  readonly decisions: readonly DecisionRow[];
  readonly decided: Decided;
  /** Commands that the user gave later than now: they happen again when the run gets there. */
  readonly future: readonly FutureCommand[];
  readonly answers: readonly Answer[];
  readonly terminals: readonly TerminalChunk[];
  /** undefined at connection level. */
  readonly frames: FrameBatch | undefined;
}

/** Frames as rows of numbers (`ROW_WIDTH`, `unpackRow` of the capture package), in order of time. */
export interface FrameBatch {
  /** What was sent before is of another world, or of another time: begin again. */
  readonly fresh: boolean;
  readonly rows: Float64Array<ArrayBuffer>;
  /** Index of the first; those between the cursor and it were too many to be sent. */
  readonly from: number;
  readonly next: number;
  /** What datagrams say, by their number (`seq` of the packet). */
  readonly messages: readonly (readonly [number, Uint8Array])[];
  readonly reasons: readonly FrameReason[];
  readonly nextReason: number;
  /** Who is plugged in where; undefined = as before. */
  readonly interfaces: readonly InterfaceRow[] | undefined;
}

/** A pcapng file. */
export interface CaptureAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packets: number;
  /** false: the run was longer than a file may become. */
  readonly complete: boolean;
}

/** What the page asks of the worker that owns the world. What a user can do wrong comes back as a value. */
export interface Api {
  readonly presets: () => Promise<readonly PresetEntry[]>;
  readonly load: (source: Source) => Promise<LoadAnswer>;
  readonly pull: (request: PullRequest) => Promise<Batch>;
  /** One event. */
  readonly step: (cursor: Cursor) => Promise<Batch>;
  /** The event, or the command of the user, that came last has not happened yet. */
  readonly stepBack: (cursor: Cursor) => Promise<Batch>;
  /** Runs until the next frame has left or reached an interface, or is lost. */
  readonly stepFrame: (cursor: Cursor) => Promise<Batch>;
  /** What an interface (`d1:eth0`), a host, a network or (empty) everybody has seen since the run began. */
  readonly record: (at: string) => Promise<CaptureAnswer>;
  /** Carries out a command on a host, now. Commands given later in an earlier future are forgotten. */
  readonly execute: (host: string, command: string, cursor: Cursor) => Promise<Batch>;
  /** Types a line at a host's prompt. */
  readonly type: (host: string, line: string, cursor: Cursor) => Promise<Batch>;
  /** Ctrl-C at a host's prompt. */
  readonly interrupt: (host: string, cursor: Cursor) => Promise<Batch>;
  /** What Tab offers. */
  readonly complete: (host: string, text: string, cursor: number) => Promise<Completion>;
  /** Goes back (or forward) to a time; commands given until then are given again. The next pulls replay. */
  readonly seek: (targetNs: number) => Promise<void>;
  readonly explain: (decision: DecisionId) => Promise<Explanation | undefined>;
  /** What can happen to a host, as it is now. */
  readonly faults: (host: string) => Promise<readonly FaultGroup[] | undefined>;
  /** Who believes what of the virtual addresses, as far as it was seen until now. */
  readonly beliefs: () => Promise<Beliefs>;
  /** High availability: roles, outages, and what each fail-over came to. */
  readonly ha: () => Promise<HaView>;
  /** undefined where there is no such service. */
  readonly weightZero: (director: string, serviceId: number) => Promise<WeightZero | undefined>;
  readonly cable: (host: string, nic: string) => Promise<CableState | undefined>;
  /** The run as it stands, for another worker that has the port's other end. */
  readonly sendCopy: (port: MessagePort) => Promise<void>;
  /** Takes the run that comes through the port and goes on with it. */
  readonly takeCopy: (port: MessagePort) => Promise<void>;
  /** A run of its own, apart from the loaded one: what a director gets through. Takes a second or more. */
  readonly capacity: (
    method: Method,
    servers: number,
    assumptions: CapacityAssumptions,
  ) => Promise<CapacityPoint>;
}
