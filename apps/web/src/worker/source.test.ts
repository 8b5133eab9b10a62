import { describe, expect, it } from 'vitest';
import { formatOf, read } from './source.ts';

describe('what a pasted text is taken for', () => {
  it('is rules where lines begin as ipvsadm-save writes them, with or without the program’s name', () => {
    expect(formatOf('-A -t 192.168.1.6:80 -s rr\n')).toBe('rules');
    expect(formatOf('ipvsadm -A -t 192.168.1.6:80 -s rr\n')).toBe('rules');
    expect(formatOf('nonsense that nobody can read')).toBe('rules');
  });

  it('is a scenario where it begins as JSON or YAML', () => {
    expect(formatOf('{"version": 1}')).toBe('scenario');
    expect(formatOf('version: 1\nname: x\n')).toBe('scenario');
  });
});

describe('reading a text', () => {
  it('makes a scenario of real rules', () => {
    const answer = read({
      kind: 'text',
      text: '-A -t 10.0.0.1:80 -s wlc -p 300\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n',
    });
    expect(answer).toMatchObject({ ok: true });
  });

  it('names the line and the column of a rule that is broken', () => {
    const answer = read({
      kind: 'text',
      text: '-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -q 10.0.0.2:80\n',
    });
    expect(answer).toMatchObject({ ok: false, format: 'rules' });
    expect(answer.ok ? [] : answer.problems.map((problem) => problem.line)).toContain(2);
  });

  it('names the path of what is wrong in a scenario', () => {
    const answer = read({ kind: 'text', text: 'version: 1\nname: 7\n' });
    expect(answer.ok ? [] : answer.problems.map((problem) => problem.path)).toContain('name');
  });
});
