/* The versions of a memory, newest first, with their changes. */
import { button, h } from './dom.js';
import { restore } from './actions.js';
import { shown } from './diff.js';
import { attempt, toast } from './feedback.js';
import { time } from './format.js';
import { refresh } from './router.js';

function plain(value) {
  if (value === undefined || value === '' || value.length === 0) return 'none';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const FIELDS = ['title', 'state', 'tags', 'metadata', 'expires', 'valid_to'];

function changed(before, after) {
  const fields = FIELDS.filter(name => plain(before[name]) !== plain(after[name]))
    .map(name => h('li', {}, h('span', { class: 'quiet' }, name.replace('_', ' ') + ' '),
      h('del', {}, plain(before[name])), ' ', h('ins', {}, plain(after[name]))));
  return [before.text !== after.text && shown(before.text, after.text), fields.length > 0
    && h('ul', { class: 'changes' }, fields)];
}

function goBack(item, version) {
  return attempt(async () => {
    await restore(item, version.version);
    refresh();
    toast(`Version ${version.version} restored.`, { undo: async () => { await restore(item, item.version); refresh();
      toast('Undone.'); } });
  });
}

export function versions(item, all, mayWrite) {
  const newest = all.length - 1;
  return h('ol', { class: 'versions', reversed: true }, all.map((version, index) => h('li', {},
    h('div', { class: 'version-head' }, h('strong', {}, 'Version ' + version.version), time(version.updated),
      h('span', { class: 'quiet' }, version.cause + (version.rule ? ` · rule ${version.rule}` : '')
        + (version.actor ? ' · by ' + version.actor : '')),
      mayWrite && index < newest && item.state !== 'frozen'
        && button('Restore', () => goBack(item, version),
        { kind: 'small', drawing: 'undo', 'aria-label': `Restore version ${version.version}` })),
    index === 0 ? h('div', { class: 'diff' }, version.text) : changed(all[index - 1], version))).reverse());
}
