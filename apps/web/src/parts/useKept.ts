import { useState } from 'react';

/**
 * The value that came with a key first: it stays the same object while the key is the same, though every
 * batch brings an equal one. The key must tell everything of it that is used.
 */
export function useKept<Value>(key: string, value: Value): Value {
  const [kept, setKept] = useState({ key, value });
  if (kept.key === key) return kept.value;
  setKept({ key, value });
  return value;
}
