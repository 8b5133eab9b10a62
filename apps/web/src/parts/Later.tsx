import { type ComponentType, createElement, type ReactNode, useEffect, useState } from 'react';

interface LaterProps<Props extends object> {
  /** Always the same function. */
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
  readonly fallback: ReactNode;
}

/**
 * A component whose code is loaded when it is first shown. Unlike a suspended one it is drawn at once when it
 * came, however often the rest of the page is drawn meanwhile.
 */
export function Later<Props extends object>({ load, props, fallback }: LaterProps<Props>): ReactNode {
  const [part, setPart] = useState<ComponentType<Props>>();
  useEffect(() => {
    let wanted = true;
    void load().then((found) => {
      if (wanted) setPart(() => found);
    });
    return () => {
      wanted = false;
    };
  }, [load]);
  return part === undefined ? fallback : createElement(part, props);
}
