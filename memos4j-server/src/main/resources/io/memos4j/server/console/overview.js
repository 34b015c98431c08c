/* The overview of a cube: contents, sessions, background work, retention policy. */
import { at, call, get, permission } from './api.js';
import { pending } from './cubes.js';
import { button, field, h } from './dom.js';
import { ask, attempt, load, toast } from './feedback.js';
import { bytes, count, number, time } from './format.js';
import { go, refresh, to } from './router.js';
import { standing } from './tasks.js';

const fact = (label, value) => (value || value === 0 ? [h('dt', {}, label), h('dd', {}, value)] : null);

function holdings(cube, described) {
  const types = Object.entries(described.types).sort(([, a], [, b]) => b - a);
  const most = Math.max(1, ...types.map(([, each]) => each));
  return h('section', { class: 'panel' }, h('h2', {}, 'Contents'),
    types.length === 0 ? h('p', { class: 'quiet' }, 'No memories yet.')
      : h('ol', { class: 'bars' }, types.map(([type, each]) => {
      const fill = h('i', { data: { type } });
      fill.style.width = each / most * 100 + '%';
      return h('li', {}, h('a', { href: to('cube', cube, 'memories', { type }) }, type),
        h('span', { class: 'bar-track' }, fill), h('span', { class: 'mono' }, number(each)));
    })),
    h('dl', { class: 'facts' }, fact('Memories', number(described.items)), fact('Changes', number(described.changes)),
      fact('On disk', described.bytes && bytes(described.bytes)), fact('Created', time(described.created)),
        fact('Embedder', h('code', {}, described.embedder || 'none')),
      fact('Pending', pending(described) ? count(described.pending_vectors, 'embedding') : 'none')));
}

function work(cube, status, held) {
  const act = (label, path, said) => button(label, () => attempt(async () => {
    await call('POST', at`cubes/${cube}` + path);
    refresh();
    toast(said);
  }), { kind: 'small' });
  return h('section', { class: 'panel' }, h('h2', {}, 'Background work'),
    status.paused && h('p', { class: 'warning' }, 'Paused. Tasks wait until you resume it.'),
    standing(status),
    h('p', { class: 'quiet small' },
      `${count(status.calls_today, 'model call')} and ${count(status.tokens_today, 'token')} today`),
    h('div', { class: 'actions' },
      held === 'admin' && (status.paused ? act('Resume', '/resume', 'Background work resumed.')
        : act('Pause', '/pause', 'Background work paused.')),
      held !== 'read' && act('Run maintenance now', '/maintain?timeout_ms=20000', 'Maintenance finished.')));
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?$/;

function readable(duration) {
  const [, days = 0, hours = 0, minutes = 0] = DURATION.exec(duration) ?? [];
  const all = Number(days) * 24 + Number(hours);
  if (!DURATION.test(duration)) return duration;
  return all >= 48 ? count(Math.round(all / 24), 'day') : all > 0 ? count(all, 'hour')
    : count(Number(minutes), 'minute');
}

const aging = policy => h('section', { class: 'panel' }, h('h2', {}, 'Retention'), h('dl', { class: 'facts' },
  fact('Half-life', readable(policy.half_life)), fact('Archive below', policy.archive_below
    ? String(policy.archive_below) : 'never'),
  fact('Capacity', policy.capacity ? count(policy.capacity, 'memory', 'memories') : 'unlimited'),
  fact('Time to live', policy.time_to_live ? readable(policy.time_to_live) : 'unlimited'),
  fact('Forget after', readable(policy.forget_after))));

const sessions = (cube, found) => h('section', { class: 'panel' }, h('h2', {}, 'Sessions'),
  found.sessions.length === 0 ? h('p', { class: 'quiet' }, 'No sessions yet.')
    : h('ol', { class: 'rows' }, found.sessions.map(each => h('li', { class: 'row' },
      h('a', { class: 'row-link', href: to('cube', cube, 'memories', { session: each.session, sort: 'oldest' }),
        data: { row: '' } },
        h('span', { class: 'row-text' }, each.session),
        h('span', { class: 'row-facts' }, count(each.items, 'memory', 'memories'),
          h('span', {}, time(each.first, 'day'), ' – ', time(each.last, 'day'))))))),
  found.next && h('p', { class: 'quiet small' }, 'Showing the first 100 by name.'));

function remove(cube) {
  const typed = h('input', { autocomplete: 'off' });
  ask('Delete this cube?', [h('p', {}, 'This deletes all its memories and their history. It cannot be undone.'),
    field('Type the name of the cube to confirm', typed, cube)], {
    action: 'Delete cube',
    danger: true,
    send: async () => {
      if (typed.value !== cube) throw new Error('The name does not match.');
      await call('DELETE', at`cubes/${cube}`);
      go('#/', { replace: true });
      toast('Cube deleted.');
    },
  });
}

export function overview(cube) {
  const path = at`cubes/${cube}`;
  const fetch = () => Promise.all([get(path), get(path + '/status'), get(path + '/policy'),
    get(path + '/sessions?limit=100'), permission(cube)]);
  return load(fetch, ([described, status, policy, found, held]) => h('div', { class: 'split' },
    h('div', {}, holdings(cube, described), sessions(cube, found)),
    h('aside', {}, work(cube, status, held), aging(policy),
      held === 'admin' && h('div', { class: 'actions' },
        button('Delete cube', () => remove(cube), { kind: 'danger', drawing: 'trash' })))));
}
