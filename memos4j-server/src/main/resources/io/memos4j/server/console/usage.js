/* Server-wide usage, for administrators. */
import { get } from './api.js';
import { h } from './dom.js';
import { every, load } from './feedback.js';
import { number } from './format.js';
import { to } from './router.js';
import { standing } from './tasks.js';

const OFTEN = 5000;

const figure = (value, label) => h('div', { class: 'figure' }, h('strong', {}, value), h('span', {}, label));

const content = status => [
  status.paused && h('p', { class: 'warning' }, 'Background work is paused for all cubes.'),
  h('section', { class: 'panel' }, h('h2', {}, 'Background work of all cubes'), standing(status),
    h('p', { class: 'small' }, status.tasks.dead > 0
      ? h('a', { href: to('tasks', { state: 'dead' }) }, 'View failed tasks')
        : h('a', { href: to('tasks', { state: 'open' }) }, 'View open tasks'))),
  h('section', { class: 'panel' }, h('h2', {}, 'Language model usage today'),
    h('div', { class: 'figures' }, figure(number(status.calls_today), status.calls_today === 1 ? 'call' : 'calls'),
      figure(number(status.tokens_today), 'tokens'))),
];

export function usage() {
  const box = load(() => get('status'), content);
  every(OFTEN, box, () => box.reload({ quiet: true }));
  return { title: 'Usage', element: h('section', { data: { live: '' } }, h('h1', {}, 'Usage'), box) };
}
