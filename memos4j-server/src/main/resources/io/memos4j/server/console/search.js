/* The search playground: searches a cube as an application would and explains the results. */
import { at, call } from './api.js';
import { button, field, h } from './dom.js';
import { copier, empty, load } from './feedback.js';
import { count, milliseconds, time } from './format.js';
import { addressOf, sessionField, stateChip, typeChip } from './memories.js';
import { go, to } from './router.js';

function bar(share, label) {
  const fill = h('i');
  fill.style.width = Math.max(0, Math.min(1, share)) * 100 + '%';
  return h('span', { class: 'bar-track', role: 'img', 'aria-label': label }, fill);
}

function hit(found) {
  const title = h('a', { class: 'hit-text', href: addressOf(found), data: { row: '' } }, found.title
    && h('strong', {}, found.title + ' '), found.excerpt || found.text);
  return h('li', { class: 'hit' },
    h('div', { class: 'hit-score' }, h('span', { class: 'cite', title: 'Citation number in the context' },
      found.citation || '·'),
      bar(found.score, `Score ${found.score.toFixed(3)}`), h('span', { class: 'mono' }, found.score.toFixed(3))),
    title,
    h('div', { class: 'row-facts' }, time(found.time), typeChip(found.type), stateChip(found.state), found.speaker
      && h('span', {}, found.speaker),
      found.session && h('span', { class: 'quiet ellipsis' }, found.session),
        h('span', { class: 'quiet' }, count(found.tokens, 'token')),
      found.duplicates.length > 0 && h('span', { class: 'chip' }, count(found.duplicates.length, 'duplicate')
        + ' merged'),
      found.successor && h('a', { class: 'chip amber', href: to('cube', found.cube, 'item', found.successor) },
        'superseded')),
    found.why.length > 0 && h('ul', { class: 'why', 'aria-label': 'Ranking explanation' },
      found.why.map(each => h('li', {}, each))));
}

function stages(all) {
  const most = Math.max(...all.map(each => each.ms), 0.001);
  const total = all.reduce((sum, each) => sum + each.ms, 0);
  return h('section', { class: 'panel' }, h('h2', {}, 'Stages'),
    h('p', { class: 'quiet small' }, milliseconds(total) + ' total'),
    h('ol', { class: 'stages' }, all.map(each => h('li', {},
      h('span', {}, each.name), bar(each.ms / most, milliseconds(each.ms)),
        h('span', { class: 'mono' }, milliseconds(each.ms)),
      each.note && h('small', { class: 'quiet' }, each.note)))));
}

function context(result) {
  return h('section', { class: 'panel' }, h('h2', {}, 'Context'),
    h('div', { class: 'panel-head' }, h('p', { class: 'quiet small' }, count(result.context_tokens, 'token')
      + ' for the prompt'), copier(() => result.context)),
    result.context ? h('pre', { class: 'context', tabindex: 0, 'aria-label': 'Context for the prompt' }, result.context)
      : h('p', { class: 'quiet' }, 'Empty.'));
}

function results(result) {
  const hits = result.hits.length
    ? h('ol', { class: 'hits', 'aria-label': 'Hits' }, result.hits.map(hit))
    : empty('No results', 'Try other words, or include archived memories under Options.');
  return [
    result.warnings.map(each => h('p', { class: 'warning' }, each.message)),
    h('div', { class: 'split' }, h('div', {}, h('p', { class: 'quiet small', role: 'status' },
      count(result.hits.length, 'hit')), hits),
      h('aside', {}, context(result), result.stages.length > 0 && stages(result.stages))),
  ];
}

const within = (text, otherwise, most) => Math.min(Math.max(Number.parseInt(text, 10) || otherwise, 1), most);

function request(query) {
  const given = name => query.get(name) ?? '';
  return {
    query: given('q'), limit: within(given('limit'), 10, 100), max_tokens: within(given('tokens'), 2048, 1000000),
    explain: given('explain') !== 'no', session: given('session'), include_inactive: given('all') === 'yes',
  };
}

export function search(cube, query) {
  const asked = request(query);
  const words = h('input', { type: 'search', value: asked.query, placeholder: 'Search this cube', 'aria-label': 'Query',
    enterkeyhint: 'search', data: { search: '' } });
  const limit = h('input', { type: 'number', min: 1, max: 100, value: asked.limit });
  const tokens = h('input', { type: 'number', min: 1, step: 1, value: asked.max_tokens });
  const session = sessionField(cube, asked.session);
  session.input.placeholder = 'none';
  const explain = h('input', { type: 'checkbox', checked: asked.explain, id: 'explain' });
  const inactive = h('input', { type: 'checkbox', checked: asked.include_inactive, id: 'inactive' });
  const submit = event => {
    event.preventDefault();
    if (!words.value.trim()) return words.focus();
    return go(to('cube', cube, {
      q: words.value.trim(), limit: limit.value === '10' ? '' : limit.value, tokens: tokens.value === '2048' ? ''
        : tokens.value,
      explain: explain.checked ? '' : 'no', session: session.input.value.trim(), all: inactive.checked ? 'yes' : '',
    }));
  };
  const altered = ['limit', 'tokens', 'explain', 'session', 'all'].some(name => query.has(name));
  const form = h('form', { role: 'search', class: 'ask', novalidate: true, on: { submit } },
    h('div', { class: 'ask-line' }, words, button('Search', () => {},
      { type: 'submit', kind: 'primary', drawing: 'search' })),
    h('details', { class: 'options', open: altered }, h('summary', {}, 'Options'), h('div', { class: 'filters' },
      field('Hits', limit), field('Context tokens', tokens), field('Session', session.input), session.names,
      h('label', { class: 'check', for: 'explain' }, explain, 'Explain'),
      h('label', { class: 'check', for: 'inactive' }, inactive, 'Include archived'))));
  const answer = asked.query
    ? load(() => call('POST', at`cubes/${cube}/search`, { body: asked, reads: true }), results)
    : empty('Search as your application would',
      'See which memories are found, how they are ranked, how long each stage takes,'
      + ' and the context that a model would get.');
  return { element: h('div', {}, form, answer), focus: asked.query ? undefined : words };
}
