/* Routes the URL fragment to views. Going back restores the page as it was left, unless something has changed since. */
import { onChange } from './api.js';

const KEPT = 12;
const kept = new Map();
let routes = [];
let number = 0;
let current = { number: -1, address: '' };
let show = () => {};

/** Builds the URL of a view: to('cube', name, 'memories', {type: 'fact'}). */
export function to(...parts) {
  const values = typeof parts.at(-1) === 'object' ? parts.pop() : {};
  const given = Object.entries(values).filter(([, value]) => value !== '' && value !== undefined && value !== null
    && value !== false);
  return '#/' + parts.map(encodeURIComponent).join('/') + (given.length ? '?' + new URLSearchParams(given) : '');
}

/** Navigates to a URL; 'replace' replaces the current history entry. */
export function go(address, { replace = false } = {}) {
  if (address === location.hash) return open();
  if (replace) {
    history.replaceState({ number: current.number }, '', address);
    return open();
  }
  location.hash = address;
}

/** Reloads the current view, keeping the scroll position. */
export const refresh = () => (current.shown?.reload ?? open)();

function parse(address) {
  const [path, query = ''] = address.replace(/^#\/?/, '').split('?', 2);
  try {
    return { parts: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
  } catch {
    return { parts: ['?'], query: new URLSearchParams() };
  }
}

function find(parts) {
  for (const [pattern, view] of routes) {
    const wanted = pattern.split('/').filter(Boolean);
    if (wanted.length !== parts.length) continue;
    const values = {};
    const fits = wanted.every((each, index) => (each.startsWith(':') ? ((values[each.slice(1)] = parts[index]), true)
      : each === parts[index]));
    if (fits) return { view, values };
  }
  return undefined;
}

function open(restored) {
  if (restored?.shown) {
    show(restored.shown, restored.place);
    scrollTo(0, restored.scroll);
    if (restored.focused?.isConnected) restored.focused.focus({ preventScroll: true });
    return;
  }
  const { parts, query } = parse(location.hash);
  const found = find(parts);
  const place = { parts, query };
  const shown = found ? found.view({ ...found.values, query }) : undefined;
  current.shown = shown;
  current.place = place;
  show(shown, place);
  scrollTo(0, 0);
}

function leave() {
  if (!current.shown || current.shown.element.dataset.live) return;
  kept.set(current.number, { ...current, scroll: current.scroll ?? 0, focused: document.activeElement });
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

function changed() {
  leave();
  const known = history.state?.number;
  const restored = known === undefined ? undefined : kept.get(known);
  if (known === undefined) {
    number += 1;
    history.replaceState({ number }, '');
  }
  current = restored ? { ...restored } : { number: known ?? number };
  open(restored);
}

/** Discards the pages kept for going back. */
export const forgetPages = () => kept.clear();

/** Starts routing. 'table' lists [pattern, view]; 'display' shows a view, or that there is none. */
export function start(table, display) {
  routes = table;
  show = display;
  history.scrollRestoration = 'manual';
  number = history.state?.number ?? 0;
  current = { number };
  history.replaceState({ number }, '');
  addEventListener('hashchange', changed);
  addEventListener('scroll', () => { current.scroll = scrollY; }, { passive: true });
  onChange(forgetPages);
  open();
}
