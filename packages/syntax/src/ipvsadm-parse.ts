import type { IpvsadmCommand, IpvsadmParsed, IpvsadmRefusal } from './ipvsadm-command.ts';
import { PLAIN_LIST, SEGMENTATION_FAULT } from './ipvsadm-command.ts';
import { applyOption, badTimeout } from './ipvsadm-apply.ts';
import { checkMeaning, checkOptions, checkTunnel } from './ipvsadm-checks.ts';
import { DEFAULT_SCHEDULER, MAX_TIMEOUT_SECONDS, newDraft, refusal, tryHelp } from './ipvsadm-draft.ts';
import type { Draft } from './ipvsadm-draft.ts';
import { finishCommand } from './ipvsadm-finish.ts';
import { IPVSADM_OPTIONS } from './ipvsadm-options.ts';
import type { CommandTag, Tag } from './ipvsadm-options.ts';
import { parseNumberWithin } from './numbers.ts';
import { badOption, nextOption, startPopt } from './popt.ts';
import type { PoptWalk } from './popt.ts';
import { NO_PORT_NAMES } from './port-names.ts';
import type { PortName } from './port-names.ts';
import type { PlacedWord } from './problem.ts';
import { parseSchedulerFlags } from './scheduler-flags.ts';

/** Which command the first option asks for, with what that option already says. */
interface Opening {
  readonly command: CommandTag;
  readonly role: 'master' | 'backup';
}

const COMMANDS: ReadonlySet<Tag> = new Set<Tag>([
  'add-service',
  'edit-service',
  'delete-service',
  'flush',
  'list',
  'zero',
  'add-server',
  'edit-server',
  'delete-server',
  'set',
  'restore',
  'save',
  'start-daemon',
  'stop-daemon',
]);

const isCommand = (tag: Tag): tag is CommandTag => COMMANDS.has(tag);

const A_COMMAND = 'a command first, as -A, -a, -L (see ipvsadm -h)';

const no = (refused: IpvsadmRefusal): IpvsadmParsed => ({ ok: false, refusal: refused });
const yes = (command: IpvsadmCommand): IpvsadmParsed => ({ ok: true, command });

/**
 * Reads the words behind `ipvsadm` as ipvsadm 1.31 does, fault by fault in the tool's order
 * (held against every recorded command of the oracle's `cli` group).
 * @param names port names that the host knows; none in the recordings.
 */
export function parseIpvsadm(
  words: readonly PlacedWord[],
  names: readonly PortName[] = NO_PORT_NAMES,
): IpvsadmParsed {
  if (words.length === 0) return yes({ kind: 'list', what: { kind: 'services' }, format: PLAIN_LIST });
  const walk = startPopt(words);
  const opening = readOpening(walk);
  if ('ok' in opening) return opening;
  const draft = newDraft();
  const refused =
    readOptions(walk, draft, names) ??
    checkPlainWords(walk, opening.command) ??
    readSchedulerFlags(draft) ??
    checkOptions(opening.command, draft, words.length) ??
    checkMeaning(opening.command, draft, words.length) ??
    checkTunnel(opening.command, draft, words.length);
  if (refused) return no(refused);
  return yes(finishCommand(opening.command, opening.role, draft, plainTimeouts(walk)));
}

function readOpening(walk: PoptWalk): Opening | IpvsadmParsed {
  const first = nextOption(walk, IPVSADM_OPTIONS);
  if (first.kind === 'end') return no(tryHelp('ipvsadm', 0, A_COMMAND));
  if (first.kind === 'error') return no(tryHelp('ipvsadm', first.word, A_COMMAND));
  if (first.tag === 'help') return yes({ kind: 'help' });
  if (first.tag === 'version') return yes({ kind: 'version' });
  if (!isCommand(first.tag)) return no(tryHelp('ipvsadm', first.word, A_COMMAND));
  let role: 'master' | 'backup' = 'master';
  if (first.tag === 'start-daemon' || first.tag === 'stop-daemon') {
    if (first.argument !== 'master' && first.argument !== 'backup') {
      // the second message is the tool's own wording, read in its source and not recorded
      const text =
        first.tag === 'start-daemon'
          ? 'illegal start-daemon parameter specified'
          : 'illegal start_daemon specified';
      return no(refusal(2, text, first.word, 'master or backup'));
    }
    role = first.argument;
  }
  return { command: first.tag, role };
}

function readOptions(walk: PoptWalk, draft: Draft, names: readonly PortName[]): IpvsadmRefusal | undefined {
  for (;;) {
    const step = nextOption(walk, IPVSADM_OPTIONS);
    if (step.kind === 'end') return undefined;
    if (step.kind === 'error') {
      const wanted = step.message === 'missing argument' ? 'a value behind it' : 'an option of ipvsadm';
      return refusal(255, `${badOption(walk)}: ${step.message}`, step.word, wanted);
    }
    const refused = applyOption(draft, { ...step, bad: badOption(walk) }, names);
    if (refused) return refused;
  }
}

function checkPlainWords(walk: PoptWalk, command: CommandTag): IpvsadmRefusal | undefined {
  let expected = 0;
  if (command === 'set') {
    expected = 3;
    if (walk.plain.length < 3) {
      const wanted = 'three timeouts in seconds: tcp tcpfin udp';
      return refusal(2, '--set option requires 3 timeout values', walk.words.length, wanted);
    }
    for (const index of walk.plain.slice(0, 3)) {
      const text = walk.words[index]?.text ?? '';
      if (parseNumberWithin(text, 0, MAX_TIMEOUT_SECONDS) === undefined) return badTimeout(text, index, 0);
    }
  }
  const extra = walk.plain[expected];
  if (extra === undefined) return undefined;
  const text = walk.words[extra]?.text ?? '';
  return refusal(2, `unexpected argument ${text}`, extra, 'an option, or the end of the command');
}

function plainTimeouts(walk: PoptWalk): readonly number[] {
  return walk.plain.map((index) =>
    Number(parseNumberWithin(walk.words[index]?.text ?? '', 0, MAX_TIMEOUT_SECONDS) ?? 0),
  );
}

function readSchedulerFlags(draft: Draft): IpvsadmRefusal | undefined {
  const flags = draft.schedulerFlags;
  if (!flags) return undefined;
  const scheduler = draft.scheduler === '' ? DEFAULT_SCHEDULER : draft.scheduler;
  const read = parseSchedulerFlags(flags.text, scheduler);
  if (read.ok) return undefined;
  if ('crash' in read) return refusal(SEGMENTATION_FAULT, 'Segmentation fault', flags.word, 'a flag');
  const text = `${read.known ? 'incompatible' : 'invalid'} scheduler flag \`${read.flag}'`;
  return refusal(2, text, flags.word, 'flags of the scheduler: sh-fallback, sh-port, mh-fallback, mh-port');
}
