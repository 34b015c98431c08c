/* Paged lists: pages are fetched near the end of the list; rows out of view skip layout (CSS content-visibility). */
import { button, h } from './dom.js';
import { failure } from './feedback.js';

/**
 * A paged list. 'fetch' takes a cursor ('' at first) and returns {items, next}; 'row' renders an item as one or more li
 * elements; 'empty' renders the empty state.
 */
export function paged({ fetch, row, empty, label, kind = 'rows' }) {
  const list = h('ol', { class: kind, 'aria-label': label });
  const end = h('div', { class: 'list-end' });
  const box = h('div', { class: 'paged', 'aria-busy': 'true' }, list, end);
  let cursor = '', busy = false;

  const seen = new IntersectionObserver(entries => { if (entries.some(each => each.isIntersecting)) more(); },
    { rootMargin: '600px' });

  async function more() {
    if (busy || cursor === undefined) return;
    busy = true;
    box.setAttribute('aria-busy', 'true');
    end.replaceChildren(h('span', { class: 'quiet' }, 'Loading…'));
    seen.unobserve(end);
    try {
      const page = await fetch(cursor);
      cursor = page.next;
      list.append(...page.items.map(row).flat().filter(Boolean));
      end.replaceChildren(cursor === undefined ? '' : button('Load more', more));
      if (!list.children.length) box.replaceChildren(empty());
      if (cursor !== undefined) seen.observe(end);
    } catch (problem) {
      if (!(problem.status >= 0)) console.error(problem);
      end.replaceChildren(failure(problem, () => { busy = false; more(); }));
    } finally {
      busy = false;
      box.removeAttribute('aria-busy');
    }
  }

  box.more = more;
  more();
  return box;
}
