import type { ReactNode } from 'react';
import type { Block, Span } from './report.ts';
import * as styles from './verified.module.css';

/** A document of our own: headings, paragraphs, lists and tables. */
export function Prose({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return (
    <div className={styles.prose}>
      {blocks.map((block, i) => (
        // a document never changes its order
        <BlockOf key={`${block.kind}/${i}`} block={block} />
      ))}
    </div>
  );
}

function BlockOf({ block }: { readonly block: Block }): ReactNode {
  switch (block.kind) {
    case 'heading':
      return block.level <= 1 ? (
        <h3>
          <Spans spans={block.spans} />
        </h3>
      ) : (
        <h4>
          <Spans spans={block.spans} />
        </h4>
      );
    case 'paragraph':
      return (
        <p>
          <Spans spans={block.spans} />
        </p>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((spans) => (
            <li key={textOf(spans)}>
              <Spans spans={spans} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <TableOf block={block} />;
  }
}

function TableOf({ block }: { readonly block: Extract<Block, { kind: 'table' }> }): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          {block.head.map((spans) => (
            <th key={textOf(spans)} scope="col">
              <Spans spans={spans} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {block.rows.map((row) => (
          <tr key={row.map(textOf).join('|')}>
            {row.map((spans, i) => (
              <td key={`${i}/${textOf(spans)}`}>
                <Spans spans={spans} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Spans({ spans }: { readonly spans: readonly Span[] }): ReactNode {
  return spans.map(({ text, kind }, i) => {
    const key = `${i}/${text}`;
    if (kind === 'code') return <code key={key}>{text}</code>;
    return kind === 'strong' ? <b key={key}>{text}</b> : text;
  });
}

function textOf(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join('');
}
