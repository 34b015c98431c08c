/* The page of a memory: text, facts, history, provenance, related memories. */
import { at, get, permission } from './api.js';
import { actionsFor } from './actions.js';
import { trail } from './cube.js';
import { h } from './dom.js';
import { copier, load } from './feedback.js';
import { brief, time } from './format.js';
import { graph } from './graph.js';
import { versions } from './history.js';
import { addressOf, memoryRow, stateChip, typeChip } from './memories.js';
import { to } from './router.js';

const fact = (label, value) => (value ? [h('dt', {}, label), h('dd', {}, value)] : null);

function sourceText(source) {
  if (source.kind === 'item') return source.item ? h('a', { href: addressOf(source.item) }, brief(source.item.text, 90))
    : h('code', {}, source.id);
  return h('span', {}, source.kind === 'document' ? 'document ' : '', h('code', {}, source.id));
}

function facts(item) {
  return h('dl', { class: 'facts' },
    fact('Occurred', time(item.time)), fact('Added', time(item.recorded)), fact('Changed', time(item.updated)),
    fact('Valid from', item.valid_from && time(item.valid_from)),
      fact('Valid until', item.valid_to && time(item.valid_to)),
    fact('Expires', item.expires && time(item.expires)),
    fact('Speaker', item.speaker), fact('Role', item.role === 'none' ? '' : item.role),
    fact('Said by', item.provenance + (item.principal ? ' ' + item.principal : '')),
    fact('Trust', item.trust === 'owner' ? '' : item.trust),
    fact('Withheld', item.suspicion),
    fact('Session', item.session && h('a', { href: to('cube', item.cube, 'memories', { session: item.session }) },
      item.session)),
    fact('Tags', item.tags.length > 0 && item.tags.map(tag => h('span', { class: 'tag' }, tag))),
    fact('Version', String(item.version)),
    fact('ID', h('span', { class: 'id' }, h('code', {}, item.id), copier(() => item.id))),
    Object.keys(item.metadata).length > 0 && fact('Metadata',
      h('pre', { class: 'code' }, JSON.stringify(item.metadata, null, 2))));
}

function tree(sources) {
  return h('ul', { class: 'tree' }, sources.map(source => h('li', {},
    source.item && [typeChip(source.item.type), ' ', time(source.item.time, 'day'), ' '], sourceText(source),
    source.sources.length > 0 && tree(source.sources))));
}

function succession(cube, item, each) {
  const former = each.former === item.id;
  return h('li', {}, former ? 'Replaced by ' : 'Replaced ',
    h('a', { href: to('cube', cube, 'item', former ? each.successor : each.former) }, former ? 'a newer memory'
      : 'an older memory'),
    ' on ', time(each.since), each.reason && ': ' + each.reason);
}

function why(cube, told) {
  const { item } = told;
  return [
    told.sources.length ? [h('p', { class: 'quiet small' }, 'Derived from'), tree(told.sources)]
      : h('p', { class: 'quiet' }, 'Added directly, not derived from other memories.'),
    told.reading && h('p', { class: 'small' }, 'Extracted by ', h('code', {}, told.reading.model), told.reading.prompt
      && [' with prompt ', h('code', {}, told.reading.prompt)]),
    told.successions.length > 0 && h('ul', { class: 'plain-list' },
      told.successions.map(each => succession(cube, item, each))),
    told.tasks.length > 0 && h('p', { class: 'small' }, 'Created by ',
      told.tasks.map((task, index) => [index > 0 && ', ', `${task.kind} (${task.state})`])),
    h('details', {}, h('summary', {}, 'Full explanation'), h('pre', { class: 'code' }, told.text)),
  ];
}

function neighbours(item, related) {
  if (!related.length) return h('p', { class: 'quiet' },
    'No related memories yet. Background tasks add links over time.');
  const kinds = [...new Set(related.map(each => each.kind))];
  return [graph(item, related), kinds.map(kind => [
    h('h3', { class: 'kind', data: { kind } }, kind),
    h('ol', { class: 'rows' }, related.filter(each => each.kind === kind).map(each => memoryRow(each.item, 'day')))])];
}

const panel = (title, ...content) => h('section', { class: 'panel' }, h('h2', {}, title), ...content);

function content(cube, [item, { versions: all }, held]) {
  const mayWrite = held === 'write' || held === 'admin';
  const below = at`cubes/${cube}/memories/${item.id}`;
  return h('div', { class: 'split item' },
    h('div', {},
      h('article', { class: 'memory' },
        h('div', { class: 'row-facts' }, typeChip(item.type), stateChip(item.state), time(item.time), item.speaker
          && h('span', {}, item.speaker)),
        h('h1', { class: item.title ? '' : 'unseen' }, item.title || 'Memory'),
          h('div', { class: 'memory-text' }, item.text), actionsFor(item, held)),
      panel('History', versions(item, all, mayWrite)),
      panel('Related', load(() => get(below + '/related'), ({ related }) => neighbours(item, related)))),
    h('aside', {}, panel('Facts', facts(item)),
      panel('Provenance', load(() => get(below + '/why'), told => why(cube, told)))));
}

export function item({ cube, id }) {
  const path = at`cubes/${cube}/memories/${id}`;
  const fetch = () => Promise.all([get(path), get(path + '/history'), permission(cube)]);
  const box = load(fetch, found => content(cube, found));
  return {
    title: 'Memory · ' + cube,
    element: h('section', {}, trail(cube, h('a', { href: to('cube', cube, 'memories') }, 'Memories')),
      box),
    reload: () => box.reload({ quiet: true }),
  };
}
