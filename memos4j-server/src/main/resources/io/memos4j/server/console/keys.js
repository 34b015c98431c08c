/* Keyboard shortcuts: / searches, j and k move through a list, Enter opens, e edits, ? shows help, Escape goes back. */
import { h } from './dom.js';
import { dialog } from './feedback.js';

const HELP = [
  ['/', 'Focus the search or the first filter'],
  ['j  k', 'Next and previous row'],
  ['Enter', 'Open the selected row'],
  ['e', 'Edit the current memory'],
  ['Esc', 'Leave a field, close a dialog, go back'],
  ['?', 'Show this help'],
];

export function help() {
  dialog('Keyboard shortcuts', h('dl', { class: 'shortcuts' }, HELP.map(([keys, meaning]) => [
    h('dt', {}, keys.split('  ').map(each => h('kbd', {}, each))), h('dd', {}, meaning)])));
}

const typing = element => element.matches('input:not([type=checkbox]), textarea, select');

function step(by) {
  const rows = [...document.querySelectorAll('#main [data-row]')].filter(each => each.checkVisibility?.() ?? true);
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement.closest('[data-row]'));
  const next = rows[Math.min(Math.max(now + by, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function pressed(event, back) {
  const on = document.activeElement;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey
    || document.querySelector('dialog[open]')) return;
  if (typing(on)) {
    if (event.key === 'Escape') on.blur();
    return;
  }
  const acts = {
    '/': () => document.querySelector('#main [data-search]')?.focus() ?? undefined,
    j: () => step(1),
    k: () => step(-1),
    e: () => document.querySelector('#main [data-edit]')?.click(),
    '?': help,
    Escape: back,
  };
  const act = acts[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

export const listen = back => addEventListener('keydown', event => pressed(event, back));
