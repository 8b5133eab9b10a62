/** A map that forgets: what was not used while as many others came as it may hold. */
export interface Recent<Key, Value> {
  readonly most: number;
  young: Map<Key, Value>;
  old: Map<Key, Value>;
}

export function createRecent<Key, Value>(most: number): Recent<Key, Value> {
  return { most, young: new Map(), old: new Map() };
}

export function recall<Key, Value>(recent: Recent<Key, Value>, key: Key): Value | undefined {
  const young = recent.young.get(key);
  if (young !== undefined) return young;
  const old = recent.old.get(key);
  if (old !== undefined) remember(recent, key, old);
  return old;
}

export function remember<Key, Value>(recent: Recent<Key, Value>, key: Key, value: Value): void {
  if (recent.young.size >= recent.most) {
    recent.old = recent.young;
    recent.young = new Map();
  }
  recent.young.set(key, value);
}

export function forget<Key, Value>(recent: Recent<Key, Value>, key: Key): void {
  recent.young.delete(key);
  recent.old.delete(key);
}
