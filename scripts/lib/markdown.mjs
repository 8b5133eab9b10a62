// The little of Markdown that our own documents use, as data that a page can draw.

/**
 * @typedef {{ text: string, kind: 'plain' | 'code' | 'strong' }} Span
 * @typedef {{ kind: 'heading', level: number, spans: Span[] } | { kind: 'paragraph', spans: Span[] }
 *   | { kind: 'list', items: Span[][] } | { kind: 'table', head: Span[][], rows: Span[][][] }} Block
 */

/** @param {string} text @returns {Block[]} */
export function readMarkdown(text) {
  const blocks = [];
  const chunks = text.split(/\n{2,}/).map((chunk) => chunk.trimEnd().split('\n'));
  for (const lines of chunks) {
    const [first = ''] = lines;
    if (first === '') continue;
    const heading = /^(#+) (.*)$/.exec(first);
    if (heading !== null) {
      blocks.push({ kind: 'heading', level: heading[1].length, spans: spansOf(heading[2]) });
      if (lines.length > 1) blocks.push(paragraph(lines.slice(1)));
    } else if (first.startsWith('|')) blocks.push(table(lines));
    else if (first.startsWith('- ')) blocks.push({ kind: 'list', items: items(lines).map(spansOf) });
    else blocks.push(paragraph(lines));
  }
  return blocks;
}

function paragraph(lines) {
  return { kind: 'paragraph', spans: spansOf(lines.join(' ')) };
}

/** A line that begins with blanks goes on with the item before. */
function items(lines) {
  const all = [];
  for (const line of lines) {
    if (line.startsWith('- ')) all.push(line.slice(2));
    else all[all.length - 1] += ` ${line.trim()}`;
  }
  return all;
}

function table([head, , ...rows]) {
  return { kind: 'table', head: cells(head), rows: rows.map(cells) };
}

function cells(line) {
  return line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => spansOf(cell.trim()));
}

function spansOf(text) {
  const plain = text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('\\|', '|');
  return plain
    .split(/(`[^`]+`|\*\*[^*]+\*\*|_[^_]+_)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part.startsWith('`')) return { text: part.slice(1, -1), kind: 'code' };
      if (part.startsWith('**')) return { text: part.slice(2, -2), kind: 'strong' };
      return /^_[^_]+_$/.test(part)
        ? { text: part.slice(1, -1), kind: 'strong' }
        : { text: part, kind: 'plain' };
    });
}
