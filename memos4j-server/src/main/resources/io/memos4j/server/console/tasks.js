/* Background tasks of one cube or of all. */
import { at, call, cubes, get, me } from './api.js';
import { button, field, h, select } from './dom.js';
import { attempt, empty, every, load, toast } from './feedback.js';
import { count, span, time } from './format.js';
import { go, to } from './router.js';

const STATES = { open: ['scheduled', 'ready', 'running'], dead: ['dead'], done: ['done', 'cancelled'] };
const CHOICES = [['', 'All'], ['open', 'Open'], ['dead', 'Failed'], ['done', 'Finished']];
const KINDS = ['embed', 'extract', 'link', 'reconcile', 'summarize', 'profile', 'merge', 'decay', 'expire', 'capacity',
  'reindex', 'compact', 'preload', 'promote'];
const OFTEN = 4000;
const MOST = 200;

function progress(task) {
  if (!(task.total > 0) || task.state === 'done') return null;
  return h('span', { class: 'progress' }, h('progress', { max: task.total, value: task.done,
    'aria-label': 'Progress' }), `${task.done} of ${task.total}`);
}

function buttons(task, done) {
  const does = (label, path, said) => button(label, () => attempt(async () => {
    await call('POST', at`tasks/${task.id}` + path);
    toast(said);
    done();
  }), { kind: 'small', 'aria-label': `${label} ${task.kind} of ${task.cube}` });
  if (task.state === 'dead' || task.state === 'cancelled') return does('Retry', '/replay', 'Task queued again.');
  return STATES.open.includes(task.state) ? does('Cancel', '/cancel', 'Task canceled.') : null;
}

function row(task, ofOne, done) {
  const waits = task.state === 'scheduled' ? [h('span', {}, 'due ', time(task.due))] : null;
  return h('li', { class: 'row task', tabindex: 0, data: { row: '', id: task.id } },
    h('div', { class: 'task-head' }, h('span', { class: 'chip state', data: { state: task.state } }, task.state),
      h('strong', {}, task.kind),
      task.subject && h('span', { class: 'ellipsis' }, task.subject), task.state !== 'dead'
        && h('span', { class: 'note' }, task.note), progress(task), h('span', { class: 'grow' }), buttons(task, done)),
    h('div', { class: 'row-facts' }, !ofOne && h('a', { href: to('cube', task.cube, 'tasks') }, task.cube),
      time(task.changed), waits,
      task.attempts > 1 && h('span', {}, count(task.attempts, 'attempt')), task.cause
        && h('span', { class: 'quiet', title: task.cause }, task.cause.replace(/^task:([a-z]+):.*/, 'after $1'))),
    task.state === 'dead' && h('p', { class: 'note bad' }, task.note));
}

const address = (cube, state, kind) => 'tasks?' + new URLSearchParams([
  ['limit', MOST], ...(cube ? [['cube', cube]] : []), ...(STATES[state] ?? []).map(each => ['state', each]),
    ...(kind ? [['kind', kind]] : [])]);

/** The figures of a task queue. */
export function standing(status) {
  const tasks = status.tasks;
  return h('div', { class: 'figures wide' },
    ['ready', 'running', 'scheduled', 'dead', 'done'].map(state =>
      h('div', { class: 'figure' + (state === 'dead' && tasks.dead ? ' bad' : '') },
      h('strong', {}, String(tasks[state])), h('span', {}, state === 'dead' ? 'failed' : state))),
    h('div', { class: 'figure' }, h('strong', {}, span(status.oldest_ready_ms)), h('span', {}, 'longest wait')));
}

function list(cube, query, ofOne) {
  const state = query.get('state') ?? '', kind = query.get('kind') ?? '';
  const box = load(() => get(address(cube, state, kind)), ({ tasks }) => {
    if (tasks.length) return h('ol', { class: 'rows', 'aria-label': 'Tasks' },
      tasks.map(each => row(each, ofOne, () => box.reload({ quiet: true }))));
    return state || kind ? empty('No matching tasks', 'Choose another state or kind.')
      : empty('No tasks', 'Background work appears here when memories are added: embedding, extraction, linking,'
        + ' maintenance. Finished tasks are removed after a while.');
  });
  every(OFTEN, box, () => box.reload({ quiet: true }));
  return box;
}

function filters(query, place, more = []) {
  const change = () => go(to(...place, { ...Object.fromEntries(more.map(([name, , control]) => [name, control.value])),
    state: state.value, kind: kind.value }));
  const state = select(CHOICES, query.get('state') ?? '', { on: { change }, data: { search: '' } });
  const kind = select([['', 'any'], ...KINDS], query.get('kind') ?? '', { on: { change } });
  more.forEach(([, , control]) => control.addEventListener('change', change));
  return h('div', { class: 'filters' }, more.map(([, label, control]) => field(label, control)), field('State', state),
    field('Kind', kind));
}

/** The tasks of one cube. */
export function tasksOf(cube, query) {
  const element = h('div', { data: { live: '' } }, filters(query, ['cube', cube, 'tasks']), list(cube, query, true));
  return { element };
}

/** The tasks of all cubes for administrators, of a chosen cube for others. */
export function tasks({ query }) {
  const content = load(async () => [await me(), await cubes()], ([who, all]) => {
    if (!all.length && !who.administrator) return empty('No tasks', 'This key cannot access any cube yet.');
    const names = all.map(each => each.cube);
    const cube = query.get('cube') || (who.administrator ? '' : names[0]);
    const chosen = select(who.administrator ? [['', 'all'], ...names] : names, cube);
    return [filters(query, ['tasks'], [['cube', 'Cube', chosen]]), list(cube, query, false)];
  });
  return { title: 'Tasks', element: h('section', { data: { live: '' } }, h('h1', {}, 'Tasks'), content) };
}
