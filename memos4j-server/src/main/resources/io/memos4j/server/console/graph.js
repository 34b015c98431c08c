/* Draws related memories around a memory: a sector for each kind; stronger relations are closer, with thicker lines. */
import { svg } from './dom.js';
import { brief } from './format.js';
import { addressOf } from './memories.js';

const KINDS = ['source', 'derived', 'former', 'successor', 'meaning', 'name'];
const MOST = 24;
const WIDTH = 640, HEIGHT = 400, NEAR = 0.72, LINE = 22, ROOM = 48;

function strongest(related) {
  return [...related].sort((a, b) => b.weight - a.weight).slice(0, MOST)
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.weight - a.weight);
}

/** Places nodes evenly on an ellipse, every other one further out to make room for labels. */
function place(index, all, weight) {
  const angle = -Math.PI / 2 + (index + 0.5) * 2 * Math.PI / all;
  const outward = (all > 8 && index % 2 ? 1 : NEAR + (1 - weight) * 0.2);
  return { x: WIDTH / 2 + Math.cos(angle) * (WIDTH / 2 - 96) * outward, y: HEIGHT / 2
    + Math.sin(angle) * (HEIGHT / 2 - 40) * outward };
}

function lines(text) {
  if (text.length <= LINE) return [text];
  const cut = text.lastIndexOf(' ', LINE + 2);
  const at = cut > 8 ? cut : LINE;
  return [text.slice(0, at), brief(text.slice(at), LINE + 2)];
}

/** Renders a label on the side away from the center, where there are no lines. */
function label(text, { x, y }, radius) {
  const rows = lines(brief(text, 46));
  const first = y < HEIGHT / 2 - 1 ? y - radius - 7 - (rows.length - 1) * 13 : y + radius + 15;
  return svg('text', { 'text-anchor': 'middle' }, rows.map((each, index) =>
    svg('tspan', { x, y: first + index * 13 }, each)));
}

function node({ item, kind, weight }, at) {
  const radius = 7 + 4 * weight;
  return svg('a', { href: addressOf(item), class: 'node', 'data-kind': kind,
    'aria-label': `${kind}: ${brief(item.text, 80)}` },
    svg('title', {}, `${kind}, ${weight.toFixed(2)}: ${brief(item.text, 300)}`),
    svg('circle', { cx: at.x, cy: at.y, r: radius }), label(item.title || item.text, at, radius));
}

/** Renders the graph. The list next to it has the same content as text. */
export function graph(center, related) {
  const around = strongest(related);
  const middle = { x: WIDTH / 2, y: HEIGHT / 2 };
  const places = around.map(({ weight }, index) => place(index, around.length, weight));
  const heights = [...places.map(({ y }) => y), middle.y];
  const top = Math.min(...heights) - ROOM;
  return svg('svg', { viewBox: `0 ${top} ${WIDTH} ${Math.max(...heights) + ROOM - top}`, class: 'graph', role: 'group',
    'aria-label': 'Related memories' },
    around.map((each, index) => svg('line', {
      x1: middle.x, y1: middle.y, x2: places[index].x, y2: places[index].y, 'data-kind': each.kind, 'stroke-width': 1
        + 3 * each.weight,
    })),
    svg('circle', { cx: middle.x, cy: middle.y, r: 15, class: 'center' }, svg('title', {}, brief(center.text, 300))),
    around.map((each, index) => node(each, places[index])));
}
