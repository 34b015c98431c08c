/* All cubes that the key can access. A cube's figures are fetched when its card scrolls into view. */
import { at, call, cubes as all, get } from './api.js';
import { button, curlExample, field, h } from './dom.js';
import { ask, empty, load } from './feedback.js';
import { bytes, count, number, time } from './format.js';
import { go, to } from './router.js';

const figure = (value, label) => h('div', { class: 'figure' }, h('strong', {}, value), h('span', {}, label));

/** The number of embeddings still to be computed; none without an embedder. */
export const pending = described => (described.embedder && described.embedder !== 'none' ? described.pending_vectors
  : 0);

function figures(described) {
  return [
    h('div', { class: 'figures' },
      figure(number(described.items), described.items === 1 ? 'memory' : 'memories'),
      figure(number(described.sessions), described.sessions === 1 ? 'session' : 'sessions'),
      described.bytes === undefined ? figure(number(described.changes), 'changes')
        : figure(bytes(described.bytes), 'on disk')),
    h('p', { class: 'quiet small' },
      pending(described) ? h('span', { class: 'chip amber' }, count(described.pending_vectors, 'embedding')
        + ' pending') : ['since ', time(described.created, 'day')]),
  ];
}

const observer = new IntersectionObserver(entries => entries.filter(each => each.isIntersecting).forEach(each => {
  observer.unobserve(each.target);
  each.target.fetchFigures();
}), { rootMargin: '200px' });

function card({ cube, permission }) {
  const box = h('div', { class: 'card-figures' });
  const element = h('li', { class: 'card' },
    h('h2', {}, h('a', { href: to('cube', cube), data: { row: '' } }, cube)),
    permission === 'admin' ? null : h('span', { class: 'chip' }, permission),
    box);
  box.fetchFigures = () => box.append(load(() => get(at`cubes/${cube}`), figures, { sketch: false }));
  observer.observe(box);
  return element;
}

function make() {
  const name = h('input', { required: true, autocomplete: 'off', placeholder: 'alice' });
  ask('New cube', [field('Name', name, 'Typically one cube per user, agent or project.')], {
    action: 'Create cube',
    send: async () => {
      if (!name.value.trim()) throw new Error('Enter a name.');
      await call('PUT', at`cubes/${name.value.trim()}`);
      go(to('cube', name.value.trim(), 'overview'));
    },
  });
}

function content(found) {
  if (!found.length) {
    return empty('No cubes yet', 'A cube contains the memories of one user, agent or project.'
      + ' It is created when an application adds the first memory:',
      h('pre', { class: 'code' }, curlExample(new URL('../v1/cubes/alice/memories', import.meta.url))),
      button('Create an empty cube', make, { kind: 'primary', drawing: 'plus' }));
  }
  const list = h('ul', { class: 'cards' }, found.map(card));
  const none = h('p', { class: 'quiet', hidden: true }, 'No cubes match.');
  const filter = h('input', {
    type: 'search', placeholder: 'Filter by name', 'aria-label': 'Filter cubes by name', data: { search: '' },
    on: {
      input: () => {
        const wanted = filter.value.toLowerCase();
        found.forEach(({ cube }, index) => { list.children[index].hidden = !cube.toLowerCase().includes(wanted); });
        none.hidden = [...list.children].some(each => !each.hidden);
      },
    },
  });
  return [h('div', { class: 'tools' }, filter, h('span', { class: 'quiet' }, count(found.length, 'cube')),
    h('span', { class: 'grow' }),
    button('New cube', make, { drawing: 'plus' })), list, none];
}

export const cubes = () => ({ title: 'Cubes', element: h('section', {}, h('h1', {}, 'Cubes'), load(all, content)) });
