import { type ComponentType, useEffect, useState } from 'react';

/**
 * A component whose code is loaded when it is first shown; undefined until it came. Unlike a suspended one it
 * is drawn at once, however often the rest of the page is drawn meanwhile.
 * @param load always the same function
 */
export function useLater<Props>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> | undefined {
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
  return part;
}
