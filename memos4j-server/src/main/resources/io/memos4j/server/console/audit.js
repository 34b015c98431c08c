/* The audit log, for administrators. */
import { get, parameters } from './api.js';
import { field, h } from './dom.js';
import { empty } from './feedback.js';
import { time } from './format.js';
import { paged } from './list.js';
import { go, to } from './router.js';

const row = entry => h('li', { class: 'row audit', tabindex: 0, data: { row: '' } },
  time(entry.at),
  h('span', { class: entry.outcome < 400 ? 'chip good' : 'chip bad', title: 'HTTP status' }, String(entry.outcome)),
  h('span', { class: 'audit-what' }, h('code', {}, entry.action), entry.cube && h('span', {}, entry.cube), entry.target
    && h('span', { class: 'quiet ellipsis mono' }, entry.target),
  entry.count > 1 && h('span', { class: 'quiet', title: 'Calls that this entry stands for' }, `× ${entry.count}`)),
  h('span', { class: 'audit-who' }, entry.principal, ' ',
    h('span', { class: 'quiet mono', title: 'Key and request' }, `${entry.key} ${entry.request.slice(0, 8)}`)));

export function audit({ query }) {
  const change = () => go(to('audit', { principal: principal.value.trim(), cube: cube.value.trim(),
    action: action.value.trim() }));
  const principal = h('input', { value: query.get('principal') ?? '', placeholder: 'any', on: { change },
    data: { search: '' } });
  const cube = h('input', { value: query.get('cube') ?? '', placeholder: 'any', on: { change } });
  const action = h('input', { value: query.get('action') ?? '', placeholder: 'any', on: { change } });
  const list = paged({
    label: 'Audit',
    fetch: async cursor => {
      const page = await get('audit' + parameters({ limit: 100, cursor, principal: query.get('principal'),
        cube: query.get('cube'), action: query.get('action') }));
      return { items: page.entries, next: page.next };
    },
    row,
    empty: () => empty('No entries',
      'Everything that reads or changes memories is recorded here, with its principal and outcome.'),
  });
  return { title: 'Audit', element: h('section', {}, h('h1', {}, 'Audit'),
    h('div', { class: 'filters' }, field('Principal', principal), field('Cube', cube), field('Action', action)), list) };
}
