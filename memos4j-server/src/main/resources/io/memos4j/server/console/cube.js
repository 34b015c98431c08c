/* The page of a cube: a heading with tabs and one of the views. */
import { changes } from './changes.js';
import { h } from './dom.js';
import { memories } from './memories.js';
import { overview } from './overview.js';
import { to } from './router.js';
import { search } from './search.js';
import { tasksOf } from './tasks.js';
import { timeline } from './timeline.js';

const TABS = [['', 'Search'], ['memories', 'Memories'], ['timeline', 'Timeline'],
  ['changes', 'Changes'], ['tasks', 'Tasks'], ['overview', 'Overview']];

const slash = () => h('span', { 'aria-hidden': 'true' }, '/');

/** The breadcrumbs: all cubes, this one, and possibly a memory. */
export const trail = (cube, ...more) => h('nav', { class: 'trail', 'aria-label': 'Breadcrumb' },
  h('a', { href: '#/' }, 'Cubes'), more.length > 0 && [slash(), h('a', { href: to('cube', cube) }, cube),
    more.map(each => [slash(), each])]);

function frame(cube, tab, shown) {
  const content = shown instanceof Node ? { element: shown } : shown;
  const element = h('section', {}, trail(cube), h('h1', {}, cube),
    h('nav', { class: 'tabs', 'aria-label': 'Cube views' }, TABS.map(([place, label]) =>
      h('a', { href: place ? to('cube', cube, place) : to('cube', cube), 'aria-current': place === tab ? 'page'
        : undefined }, label))),
    content.element);
  if (content.element.dataset.live) element.dataset.live = '';
  return { element, title: `${cube} · ${TABS.find(([place]) => place === tab)[1]}`, focus: content.focus };
}

export const cubeSearch = ({ cube, query }) => frame(cube, '', search(cube, query));
export const cubeMemories = ({ cube, query }) => frame(cube, 'memories', memories(cube, query));
export const cubeTimeline = ({ cube, query }) => frame(cube, 'timeline', timeline(cube, query));
export const cubeChanges = ({ cube, query }) => frame(cube, 'changes', changes(cube, query));
export const cubeTasks = ({ cube, query }) => frame(cube, 'tasks', tasksOf(cube, query));
export const cubeOverview = ({ cube }) => frame(cube, 'overview', overview(cube));
