/* What changed in a cube lately and why, latest first; each change can be undone here. */
import { at, call, get, parameters, permission } from './api.js';
import { button, field, h, select } from './dom.js';
import { empty, attempt, toast } from './feedback.js';
import { brief, time } from './format.js';
import { paged } from './list.js';
import { go, refresh, to } from './router.js';

const KINDS = ['superseded', 'corrected', 'edited', 'merged', 'archived', 'decayed', 'expired', 'forgotten',
  'reinstated', 'frozen', 'unfrozen', 'undone'];
const PAGE = 100;

const quoted = text => (text ? `“${brief(text, 200)}”` : 'withheld until it is erased');

function undo(cube, change) {
  return attempt(async () => {
    const { restored, repeated } = await call('POST', at`cubes/${cube}/changes/${change.id}/undo`);
    refresh();
    toast(repeated ? 'It was undone before.' : restored.length > 1 ? `${restored.length} memories restored.`
      : 'Change undone.');
  });
}

function reason(change) {
  const why = change.rule ? `rule ${change.rule}` + (change.confidence === undefined ? ''
    : `, ${Math.round(change.confidence * 100)} %`) : change.cause;
  return h('span', { class: 'quiet' }, why + (change.actor ? ' · by ' + change.actor : ''));
}

function changeRow(cube, change, mayWrite) {
  const rewritten = change.former.text !== change.current.text;
  return h('li', { class: 'row change' },
    h('div', { class: 'version-head' }, h('span', { class: 'chip' }, change.kind), time(change.recorded),
      reason(change),
      mayWrite && change.undoable && button('Undo', () => undo(cube, change),
        { kind: 'small', drawing: 'undo', 'aria-label': `Undo: ${change.kind}, ${brief(change.former.text, 60)}` })),
    h('a', { class: 'change-text', href: to('cube', cube, 'item', change.item), data: { row: '' } },
      quoted(change.former.text)),
    rewritten && h('div', {}, h('span', { class: 'quiet' }, 'Now '), quoted(change.current.text)),
    change.evidence.map(each => h('div', {}, h('span', { class: 'quiet' }, 'Because of '),
      h('a', { href: to('cube', cube, 'item', each.id) }, quoted(each.text)))),
    change.obstacle && h('div', { class: 'quiet small' }, change.obstacle));
}

export function changes(cube, query) {
  const given = query.get('kind') ?? '';
  const kind = select([['', 'any'], ...KINDS], given, { data: { search: '' },
    on: { change: () => go(to('cube', cube, 'changes', { kind: kind.value })) } });
  const list = paged({
    label: 'Changes',
    fetch: async cursor => {
      const held = await permission(cube);
      const page = await get(at`cubes/${cube}/changes` + parameters({ limit: PAGE, cursor, kind: given }));
      const mayWrite = held === 'write' || held === 'admin';
      return { items: page.changes.map(change => ({ change, mayWrite })), next: page.next };
    },
    row: ({ change, mayWrite }) => changeRow(cube, change, mayWrite),
    empty: () => empty(given ? 'No changes of this kind' : 'Nothing has changed yet',
      given ? h('a', { href: to('cube', cube, 'changes') }, 'Show all changes')
        : 'What rules, models and people change is listed here with the reason.'),
  });
  return h('div', {}, h('div', { class: 'filters' }, field('Kind', kind)), list);
}
