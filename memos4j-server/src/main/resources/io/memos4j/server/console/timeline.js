/* Memories by day, newest first. */
import { at, get, parameters } from './api.js';
import { field, h } from './dom.js';
import { empty } from './feedback.js';
import { day, dayName } from './format.js';
import { paged } from './list.js';
import { memoryRow } from './memories.js';
import { go, to } from './router.js';

const PAGE = 100;

/** The filter for memories up to the end of a day in the user's time zone. */
function until(date) {
  const [year, month, of] = date.split('-').map(Number);
  return JSON.stringify({ time: { lt: new Date(year, month - 1, of + 1).toISOString() } });
}

export function timeline(cube, query) {
  const given = query.get('until') ?? '';
  const date = /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : '';
  const chosen = h('input', { type: 'date', value: date, data: { search: '' },
    on: { change: () => go(to('cube', cube, 'timeline', { until: chosen.value })) } });
  let last = '';
  const list = paged({
    label: 'Timeline',
    kind: 'rows timeline',
    fetch: async cursor => {
      const page = await get(at`cubes/${cube}/memories` + parameters({ limit: PAGE, sort: 'newest', cursor, filter: date
        && until(date) }));
      return { items: page.memories, next: page.next };
    },
    row: item => {
      const on = day(item.time);
      const heading = on === last ? null : h('li', { class: 'day' },
        h('h2', {}, h('time', { datetime: on }, dayName(on))));
      last = on;
      return [heading, memoryRow(item, 'clock')];
    },
    empty: () => empty(date ? 'No memories up to that day' : 'No memories yet',
      date ? h('a', { href: to('cube', cube, 'timeline') }, 'Show the latest')
        : 'Memories appear here on the day they refer to.'),
  });
  return h('div', {}, h('div', { class: 'filters' }, field('Up to', chosen),
    date && h('a', { class: 'button small', href: to('cube', cube, 'timeline') }, 'Latest')), list);
}
