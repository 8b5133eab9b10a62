import type { HostSpec } from '@lvscope/scenario';

/**
 * The command lines that set a host up, at the start and at every boot: its commands in order, then a
 * director's rules, line by line as `ipvsadm -R` reads them.
 */
export function setUpLines({ setup, rules }: HostSpec): string[] {
  const loaded = rules.split('\n').flatMap((line) => {
    const rule = line.trim().replace(/^ipvsadm\s+/, '');
    return rule === '' || rule.startsWith('#') ? [] : [`ipvsadm ${rule}`];
  });
  return [...setup, ...loaded];
}
