/* Compares two texts word by word: longest common subsequence, after removing common prefixes and suffixes. If the rest
   is too large for the table, it counts as replaced as a whole. */
import { h } from './dom.js';

const MOST = 4_000_000;
const WORDS = /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}_'’-]+|[^\s]/gu;

const words = text => text.match(WORDS) ?? [];

function lengths(a, b) {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? table[(i + 1) * width + j + 1] + 1
        : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  return { table, width };
}

function middle(a, b, add) {
  if ((a.length + 1) * (b.length + 1) > MOST) {
    a.forEach(word => add('out', word));
    b.forEach(word => add('in', word));
    return;
  }
  const { table, width } = lengths(a, b);
  let i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) { add('same', a[i++]); j++; }
    else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) add('out', a[i++]);
    else add('in', b[j++]);
  }
  while (i < a.length) add('out', a[i++]);
  while (j < b.length) add('in', b[j++]);
}

/** Returns the parts of both texts in order, as {kind: 'same' | 'out' | 'in', text}. */
export function diff(before, after) {
  const a = words(before), b = words(after), parts = [];
  const add = (kind, text) => {
    if (parts.at(-1)?.kind === kind) parts.at(-1).text += text;
    else parts.push({ kind, text });
  };
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  a.slice(0, start).forEach(word => add('same', word));
  middle(a.slice(start, a.length - end), b.slice(start, b.length - end), add);
  a.slice(a.length - end).forEach(word => add('same', word));
  return parts;
}

/** Renders the difference: deletions are struck out, insertions underlined. */
export const shown = (before, after) => h('div', { class: 'diff' }, diff(before, after).map(({ kind, text }) =>
  kind === 'same' ? text : h(kind === 'in' ? 'ins' : 'del', {}, text)));
