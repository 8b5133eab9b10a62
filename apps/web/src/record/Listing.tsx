import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { usePage } from '../state/react.ts';
import { wantListing } from '../state/run.ts';
import { focusService } from '../state/select.ts';
import * as styles from './record.module.css';

/** The director's table as its own tool prints it, now. */
export function Listing(): ReactNode {
  const director = usePage((state) => focusService(state)?.director);
  const listing = usePage((state) => state.listing);
  useEffect(() => {
    wantListing(director);
    return () => wantListing(undefined);
  }, [director]);
  return (
    <pre className={styles.listing} tabIndex={0} aria-label="ipvsadm -Ln">
      {director !== undefined && <b>{director}# ipvsadm -Ln</b>}
      {`\n${listing}`}
    </pre>
  );
}
