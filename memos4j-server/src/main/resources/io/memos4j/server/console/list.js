/* Long lists: pages are fetched as the reader comes near the end; rows out of sight cost no layout (content-visibility in the style sheet). */
import { button, h } from './dom.js';
import { failure } from './feedback.js';

/**
 * A list of pages. 'fetch' takes a cursor ('' at first) and gives {items, next}; 'row' makes an li of an item; 'empty' says what to do when
 * there is nothing. 'before' may put a heading before a row.
 */
export function paged({ fetch, row, empty, label, kind = 'rows' }) {
  const list = h('ol', { class: kind, 'aria-label': label });
  const end = h('div', { class: 'list-end' });
  const box = h('div', { class: 'paged', 'aria-busy': 'true' }, list, end);
  let cursor = '', busy = false;

  const seen = new IntersectionObserver(entries => { if (entries.some(each => each.isIntersecting)) more(); }, { rootMargin: '600px' });

  async function more() {
    if (busy || cursor === undefined) return;
    busy = true;
    box.setAttribute('aria-busy', 'true');
    end.replaceChildren(h('span', { class: 'quiet' }, 'Loading …'));
    seen.unobserve(end);
    try {
      const page = await fetch(cursor);
      cursor = page.next;
      list.append(...page.items.map(row).flat().filter(Boolean));
      end.replaceChildren(cursor === undefined ? '' : button('Show more', more));
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
