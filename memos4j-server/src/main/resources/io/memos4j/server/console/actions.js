/* Actions on a memory. Every change can be undone except deletion. */
import { at, call } from './api.js';
import { button, field, h } from './dom.js';
import { ask, attempt, toast } from './feedback.js';
import { go, refresh, to } from './router.js';

const path = item => at`cubes/${item.cube}/memories/${item.id}`;

const patch = (item, change) => call('PATCH', path(item),
  { body: change, headers: { 'If-Match': `"${item.version}"` } });

export const restore = (item, version) => call('POST', path(item) + '/restore', { body: { version } });

async function move(item, state, said) {
  await patch(item, { state });
  refresh();
  toast(said, { undo: () => back(item, state) });
}

/** Undoes a change. A frozen memory only needs its previous state. */
async function back(item, state) {
  if (state === 'frozen') await call('PATCH', path(item), { body: { state: item.state } });
  else await restore(item, item.version);
  refresh();
  toast('Undone.');
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function changes(item, form) {
  const tags = form.tags.value.split(',').map(tag => tag.trim()).filter(Boolean).sort();
  let metadata;
  try {
    metadata = JSON.parse(form.metadata.value.trim() || '{}');
  } catch (wrong) {
    throw new Error('The metadata is not valid JSON: ' + wrong.message);
  }
  if (metadata === null || typeof metadata !== 'object'
    || Array.isArray(metadata)) throw new Error('The metadata must be a JSON object, such as {"team": "blue"}.');
  if (!form.text.value.trim()) throw new Error('A memory needs text. To remove the memory, delete it.');
  const wanted = { text: form.text.value, title: form.title.value, tags, metadata };
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !same(value, item[name])));
}

export function edit(item) {
  const form = {
    text: h('textarea', { rows: 7, required: true, value: item.text }),
    title: h('input', { value: item.title }),
    tags: h('input', { value: item.tags.join(', '), placeholder: 'travel, family' }),
    metadata: h('textarea', { rows: 4, class: 'mono', spellcheck: 'false',
      value: JSON.stringify(item.metadata, null, 2) }),
  };
  ask('Edit memory', [field('Text', form.text), field('Title', form.title),
    field('Tags', form.tags, 'Separated by commas.'),
    field('Metadata', form.metadata, 'A JSON object.')], {
    action: 'Save',
    send: async () => {
      const change = changes(item, form);
      if (!Object.keys(change).length) return;
      try {
        await patch(item, change);
      } catch (problem) {
        if (problem.code !== 'version_conflict') throw problem;
        throw Object.assign(new Error(
          'This memory was changed in the meantime. Copy your text, close this dialog and edit the new version.'),
          { status: 412, requestId: problem.requestId, code: problem.code });
      }
      refresh();
      toast('Saved.', { undo: () => back(item, item.state) });
    },
  });
  form.text.focus();
}

export function forget(item) {
  ask('Delete this memory?', [
    h('p', {}, 'This deletes the memory with its versions and links, and all memories derived from it.'
      + ' It cannot be undone.'),
    h('blockquote', {}, item.text.length > 300 ? item.text.slice(0, 300) + '…' : item.text)], {
    action: 'Delete',
    danger: true,
    send: async () => {
      const { count } = await call('DELETE', path(item));
      go(to('cube', item.cube, 'memories'), { replace: true });
      toast(count > 1 ? `Memory deleted, with ${count - 1} derived from it.` : 'Memory deleted.');
    },
  });
}

async function reinstate(item) {
  await call('POST', path(item) + '/reinstate');
  refresh();
  toast('Memory reactivated.', { undo: () => back(item, 'activated') });
}

/** The buttons for the actions that the memory's state and the permission allow. */
export function actionsFor(item, permission) {
  if (permission !== 'write' && permission !== 'admin') return h('p', { class: 'quiet small' },
    'This key has read-only access to this cube.');
  const act = (label, drawing, what, props = {}) => button(label, what, { drawing, ...props });
  const frozen = item.state === 'frozen';
  const forgotten = item.state === 'forgotten';
  return h('div', { class: 'actions' },
    !frozen && !forgotten && act('Edit', 'edit', () => edit(item), { data: { edit: '' }, title: 'Edit (e)', kind: 'primary' }),
    frozen && act('Unfreeze', 'freeze', () => attempt(() => move(item, 'activated', 'Memory unfrozen.'))),
    item.state === 'activated' && act('Freeze', 'freeze', () =>
      attempt(() => move(item, 'frozen', 'Memory frozen. It cannot be changed until you unfreeze it.'))),
    item.state === 'activated' && act('Archive', 'archive', () =>
      attempt(() => move(item, 'archived', 'Memory archived. Searches no longer return it.'))),
    ['archived', 'expired', 'forgotten', 'merged', 'generated'].includes(item.state)
      && act('Reactivate', 'undo', () => attempt(() => reinstate(item))),
    act('Delete', 'trash', () => forget(item), { kind: 'danger' }));
}
