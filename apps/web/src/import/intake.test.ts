import { describe, expect, it } from 'vitest';
import { looksBinary } from './intake.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('what can be no text', () => {
  it('is what has a NUL, as every executable, archive and picture has', () => {
    expect(looksBinary(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]))).toBe(true);
  });

  it('is what is full of control characters', () => {
    expect(looksBinary(new Uint8Array([1, 2, 3, 4, 65, 66]))).toBe(true);
  });

  it('is not rules, with whatever line ends, nor UTF-8', () => {
    expect(looksBinary(bytes('-A -t 192.168.1.6:80 -s rr\r\n-a\t…'))).toBe(false);
    expect(looksBinary(new Uint8Array([0xe5, 0x8e, 0x8b, 0xe5, 0x8a, 0x9b]))).toBe(false);
    expect(looksBinary(new Uint8Array())).toBe(false);
  });
});
