import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from './lib/markdown.mjs';

const plain = (text) => ({ text, kind: 'plain' });

test('headings, paragraphs and lists', () => {
  const blocks = readMarkdown('# Title\n\nOne `code`\nline **more**.\n\n- a\n  goes on\n- b\n');
  assert.deepEqual(blocks, [
    { kind: 'heading', level: 1, spans: [plain('Title')] },
    {
      kind: 'paragraph',
      spans: [
        plain('One '),
        { text: 'code', kind: 'code' },
        plain(' line '),
        { text: 'more', kind: 'strong' },
        plain('.'),
      ],
    },
    { kind: 'list', items: [[plain('a goes on')], [plain('b')]] },
  ]);
});

test('tables', () => {
  const [table] = readMarkdown('| what | how |\n| --- | --- |\n| a | `b` |\n');
  assert.deepEqual(table.head, [[plain('what')], [plain('how')]]);
  assert.deepEqual(table.rows, [[[plain('a')], [{ text: 'b', kind: 'code' }]]]);
});
