import type { ReactNode } from 'react';
import { useAnswer } from '../state/asks.ts';
import { usePage } from '../state/react.ts';
import { focusService } from '../state/select.ts';
import * as styles from './record.module.css';

/** The director's table as its own tool prints it, now. */
export function Listing(): ReactNode {
  const director = usePage((state) => focusService(state)?.director);
  const listing = useAnswer(director, 'ipvsadm -Ln');
  return (
    <pre className={styles.listing} tabIndex={0} aria-label="ipvsadm -Ln">
      {director !== undefined && <b>{director}# ipvsadm -Ln</b>}
      {`\n${listing?.text ?? ''}`}
    </pre>
  );
}
