type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

function copyTypedArray(view: TypedArray, seen: Map<object, object>): TypedArray {
  // The buffer is copied whole and once, so that two views of one buffer stay two views of one buffer.
  const buffer = copyObject(view.buffer, seen) as ArrayBuffer;
  const Kind = view.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => TypedArray;
  return new Kind(buffer, view.byteOffset, view.length);
}

function copyObject(from: object, seen: Map<object, object>): object {
  const known = seen.get(from);
  if (known !== undefined) return known;
  if (from instanceof ArrayBuffer) return remember(seen, from, from.slice(0));
  if (ArrayBuffer.isView(from)) return remember(seen, from, copyTypedArray(from as TypedArray, seen));
  if (Array.isArray(from)) {
    const to = remember(seen, from, []) as unknown[];
    for (const item of from as unknown[]) to.push(copyValue(item, seen));
    return to;
  }
  if (from instanceof Map) {
    const to = remember(seen, from, new Map()) as Map<unknown, unknown>;
    for (const [key, value] of from) to.set(copyValue(key, seen), copyValue(value, seen));
    return to;
  }
  if (from instanceof Set) {
    const to = remember(seen, from, new Set()) as Set<unknown>;
    for (const value of from) to.add(copyValue(value, seen));
    return to;
  }
  const prototype: unknown = Object.getPrototypeOf(from);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('state must be plain data: an instance of a class cannot be copied');
  }
  // Spreading keeps the engine's own layout of the object; adding properties one by one would make it a slow
  // one.
  const to = remember(seen, from, { ...from }) as Record<string, unknown>;
  for (const key of Object.keys(to)) {
    const value = to[key];
    if (typeof value === 'object' && value !== null) to[key] = copyObject(value, seen);
    else checkPlain(value);
  }
  return to;
}

function remember(seen: Map<object, object>, from: object, to: object): object {
  seen.set(from, to);
  return to;
}

function checkPlain(value: unknown): void {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`state must be plain data: a ${typeof value} cannot be copied`);
  }
}

function copyValue(value: unknown, seen: Map<object, object>): unknown {
  checkPlain(value);
  return typeof value === 'object' && value !== null ? copyObject(value, seen) : value;
}

/**
 * A deep copy of plain data: objects, arrays, typed arrays with their buffers, Map and Set. What was one
 * object under two names is one object under two names in the copy, and circles stay circles, as
 * structuredClone has it. A function, a symbol or a class instance in the state is a bug and throws.
 */
export function copyState<T>(state: T): T {
  return copyValue(state, new Map()) as T;
}

/** About how many bytes the state takes in memory: exact for buffers, an estimate for the rest. */
export function stateBytes(state: unknown): number {
  const seen = new Set<object>();
  const pending: unknown[] = [state];
  let bytes = 0;
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string') bytes += 16 + value.length;
    else if (typeof value === 'number' || typeof value === 'bigint') bytes += 8;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof ArrayBuffer) {
      bytes += value.byteLength;
    } else if (ArrayBuffer.isView(value)) {
      bytes += 64;
      pending.push(value.buffer);
    } else if (value instanceof Map) {
      bytes += 32 + value.size * 24;
      for (const [key, item] of value) pending.push(key, item);
    } else if (value instanceof Set) {
      bytes += 32 + value.size * 16;
      for (const item of value) pending.push(item);
    } else if (Array.isArray(value)) {
      bytes += 16;
      for (const item of value as unknown[]) pending.push(item);
    } else {
      bytes += 24;
      for (const item of Object.values(value)) pending.push(item);
    }
  }
  return bytes;
}
