/* The list of a cube's memories, and the row of a memory. */
import { at, get, parameters } from './api.js';
import { curlExample, field, h, select } from './dom.js';
import { empty } from './feedback.js';
import { brief, time } from './format.js';
import { paged } from './list.js';
import { go, to } from './router.js';

const TYPES = ['message', 'note', 'document', 'fact', 'event', 'preference', 'instruction', 'profile', 'summary',
  'skill', 'tool'];
const STATES = ['activated', 'frozen', 'archived', 'expired', 'forgotten', 'merged', 'generated'];
const SORTS = [['updated', 'Last changed'], ['newest', 'Newest'], ['oldest', 'Oldest'], ['inserted', 'Order added']];
const PAGE = 100;

export const typeChip = type => h('span', { class: 'chip type', data: { type } }, type);

/** The chip of a memory's state; none for active memories, which are the norm. */
export const stateChip = state => (state === 'activated' ? null
  : h('span', { class: 'chip state', data: { state } }, state));

export const addressOf = item => to('cube', item.cube, 'item', item.id);

/** The row of a memory; 'form' is the format of its time. */
export function memoryRow(item, form = 'full') {
  return h('li', { class: 'row' + (item.state === 'activated' || item.state === 'frozen' ? '' : ' faded') },
    h('a', { class: 'row-link', href: addressOf(item), data: { row: '' } },
      h('span', { class: 'row-text' }, item.title && h('strong', {}, item.title + ' '), brief(item.text, 280)),
      h('span', { class: 'row-facts' }, time(item.time, form), typeChip(item.type), stateChip(item.state),
        item.speaker && h('span', {}, item.speaker), item.session
          && h('span', { class: 'quiet ellipsis' }, item.session),
        item.tags.map(tag => h('span', { class: 'tag' }, tag)))));
}

/** An input for a session, with suggestions. */
export function sessionField(cube, value, changed) {
  const names = h('datalist', { id: 'sessions-' + Math.random().toString(36).slice(2) });
  const input = h('input', { value, list: names.id, autocomplete: 'off', placeholder: 'any', on: { change: changed } });
  get(at`cubes/${cube}/sessions` + '?limit=200').then(
    ({ sessions }) => names.append(...sessions.map(each => h('option', { value: each.session }))), () => {});
  return { input, names };
}

function nothing(cube, filtered) {
  return filtered
    ? empty('No matching memories', 'Remove a filter.', h('a', { href: to('cube', cube, 'memories') },
      'Show all memories'))
    : empty('No memories yet', 'Add a memory from an application, or with curl:',
      h('pre', { class: 'code' }, curlExample(new URL(at`../v1/cubes/${cube}/memories`, import.meta.url))));
}

export function memories(cube, query) {
  const chosen = name => query.get(name) ?? '';
  const filter = Object.fromEntries(['type', 'state', 'session'].filter(chosen).map(name => [name, chosen(name)]));
  const sort = chosen('sort') || 'updated';
  const change = () => go(to('cube', cube, 'memories', {
    type: type.value, state: state.value, session: session.input.value.trim(), sort: order.value === 'updated' ? ''
      : order.value,
  }));
  const type = select([['', 'any'], ...TYPES], chosen('type'), { on: { change }, data: { search: '' } });
  const state = select([['', 'any'], ...STATES], chosen('state'), { on: { change } });
  const order = select(SORTS, sort, { on: { change } });
  const session = sessionField(cube, chosen('session'), change);
  const list = paged({
    label: 'Memories',
    fetch: async cursor => {
      const page = await get(at`cubes/${cube}/memories` + parameters({
        limit: PAGE, sort, cursor, filter: Object.keys(filter).length ? JSON.stringify(filter) : '',
      }));
      return { items: page.memories, next: page.next };
    },
    row: each => memoryRow(each),
    empty: () => nothing(cube, Object.keys(filter).length > 0),
  });
  return h('div', {}, h('div', { class: 'filters' },
    field('Type', type), field('State', state), field('Session', session.input), session.names, field('Order', order)),
      list);
}
