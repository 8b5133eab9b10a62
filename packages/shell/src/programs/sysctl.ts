import { readSysctl, sysctlKeys, writeSysctl } from '@lvscope/cluster';
import type { CommandResult } from '@lvscope/cluster';
import { parseSysctl, sysctlFile, sysctlName } from '@lvscope/syntax';
import type { SysctlItem } from '@lvscope/syntax';
import { openFile } from '../files.ts';
import { failed } from '../program.ts';
import type { Call } from '../program.ts';

/** sysctl(8) of procps: reads and writes settings. The texts of its errors are not recorded. */
export function sysctl(call: Call): CommandResult {
  const [first, path] = call.args.map(({ text }) => text);
  if (first === '-p' || first === '--load') return load(call, path ?? '/etc/sysctl.conf');
  const read = parseSysctl(call.args);
  if (!read.ok) {
    const { found, wanted } = read.problem;
    return failed(1, `sysctl: ${found} is not understood: wanted ${wanted}`);
  }
  const { value: command } = read;
  const items: SysctlItem[] = command.all
    ? sysctlKeys(call.world, call.host).map((key) => ({ kind: 'read', key: key.replaceAll('.', '/') }))
    : [...command.items];
  if (items.length === 0) return failed(1, 'sysctl: no variables specified');
  let out = '';
  let err = '';
  for (const item of items) {
    const name = sysctlName(item.key);
    const result = item.kind === 'read' ? show(call, item.key) : change(call, item.key, item.value);
    if (result.fault !== undefined) err += `sysctl: ${result.fault}\n`;
    else if (item.kind === 'read' || !command.quiet)
      out += command.valuesOnly ? `${result.value}\n` : `${name} = ${result.value}\n`;
  }
  return { rc: err === '' ? 0 : 255, out, err };
}

interface Shown {
  readonly value: string;
  readonly fault: string | undefined;
}

const absent = (key: string): Shown => ({
  value: '',
  fault: `cannot stat ${sysctlFile(key)}: No such file or directory`,
});

function show(call: Call, key: string): Shown {
  const read = readSysctl(call.world, call.host, sysctlFile(key));
  return read.ok ? { value: read.value, fault: undefined } : absent(key);
}

function change(call: Call, key: string, value: string): Shown {
  const written = writeSysctl(call.world, call.host, sysctlFile(key), value);
  if (written.ok) return { value, fault: undefined };
  if (written.error === 'no-such-key') return absent(key);
  return { value, fault: `setting key "${sysctlName(key)}": Invalid argument` };
}

/** `sysctl -p [FILE]`: its lines, `#` and `;` begin remarks. */
function load(call: Call, path: string): CommandResult {
  const file = openFile(call.world, call.host, path);
  if (!file.ok) return failed(255, `sysctl: cannot open "${path}": ${file.fault}`);
  const lines = file.text.split('\n').map((line) => line.trim());
  const words = lines.filter((line) => line !== '' && !/^[#;]/.test(line));
  const results = words.map((line, i) => {
    const text = line.replace(/\s*=\s*/, '=');
    return sysctl({
      ...call,
      args: [
        { text: '-w', line: i + 1, column: 1 },
        { text, line: i + 1, column: 1 },
      ],
    });
  });
  const rc = results.some((result) => result.rc !== 0) ? 255 : 0;
  return { rc, out: results.map(({ out }) => out).join(''), err: results.map(({ err }) => err).join('') };
}
