/* The frame: navigation, the signed-in principal, and the current view. */
import { key, me, forget, onSignedOut } from './api.js';
import { access } from './access.js';
import { audit } from './audit.js';
import { cubeChanges, cubeMemories, cubeOverview, cubeSearch, cubeTasks, cubeTimeline } from './cube.js';
import { cubes } from './cubes.js';
import { button, h, icon } from './dom.js';
import { empty, failure } from './feedback.js';
import { item } from './item.js';
import { help, listen } from './keys.js';
import { login } from './login.js';
import { forgetPages, go, start, to } from './router.js';
import { tasks } from './tasks.js';
import { usage } from './usage.js';

const main = document.getElementById('main');
const bar = document.getElementById('bar');

const TABLE = [
  ['', cubes],
  ['cube/:cube', cubeSearch],
  ['cube/:cube/memories', cubeMemories],
  ['cube/:cube/timeline', cubeTimeline],
  ['cube/:cube/changes', cubeChanges],
  ['cube/:cube/tasks', cubeTasks],
  ['cube/:cube/overview', cubeOverview],
  ['cube/:cube/item/:id', item],
  ['tasks', tasks],
  ['audit', audit],
  ['usage', usage],
  ['access', access],
];

const NAV = [['', 'Cubes'], ['tasks', 'Tasks'], ['usage', 'Usage', true], ['audit', 'Audit', true],
  ['access', 'Access', true]];

function section(parts) {
  return !parts.length || parts[0] === 'cube' ? '' : parts[0];
}

function drawBar(who, parts) {
  const here = section(parts);
  const links = NAV.filter(([, , administrators]) => !administrators || who.administrator).map(([place, label]) =>
    h('a', { href: place ? to(place) : '#/', 'aria-current': place === here ? 'page' : undefined }, label));
  bar.replaceChildren(
    h('a', { class: 'brand', href: '#/' }, 'memos4j'),
    h('nav', { 'aria-label': 'Main' }, links),
    h('div', { class: 'who' },
      h('span', { class: 'quiet name', title: `Key ${who.key.id}, ${who.key.scope}` }, who.principal),
      h('button', { type: 'button', class: 'plain', 'aria-label': 'Keyboard shortcuts', title: 'Keyboard shortcuts (?)',
        on: { click: help } }, icon('help')),
      button('Log out', () => leave(), { kind: 'plain' })));
  bar.hidden = false;
}

function present(view) {
  main.replaceChildren(view.element);
  document.querySelectorAll('[aria-current=page]').forEach(each =>
    each.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  document.title = view.title + ' · memos4j';
  (view.focus ?? main).focus({ preventScroll: true });
}

function leave(reason) {
  key.clear();
  forget({ all: true });
  forgetPages();
  document.querySelectorAll('dialog[open]').forEach(each => each.close());
  bar.hidden = true;
  bar.replaceChildren();
  present(login(enter, reason));
}

const missing = () => ({ element: empty('Page not found', h('a', { href: '#/' }, 'Go to cubes')), title: 'Not found' });

let started = false;

async function enter() {
  let who;
  try {
    who = await me();
  } catch (problem) {
    if (problem.status !== 401) present({ element: failure(problem, enter), title: 'Error' });
    return;
  }
  const display = (view, place) => {
    if (!key.get()) return;
    drawBar(who, place.parts);
    present(view ?? missing());
  };
  if (started) {
    shown = display;
    go(location.hash || '#/');
    return;
  }
  started = true;
  shown = display;
  start(TABLE, (view, place) => shown(view, place));
}

let shown;

/** Goes back: to the previous page, or to the list of cubes. */
function back() {
  if (!key.get() || !location.hash.replace(/^#\/?/, '')) return;
  if (history.length > 1 && history.state?.number > 0) history.back();
  else go('#/');
}

onSignedOut(() => key.get() && leave(
  'The server no longer accepts this key. It may have expired or been revoked. Log in with another key.'));
listen(back);
if (key.get()) enter();
else present(login(enter));
