/* Creates elements. Text only becomes text nodes: nothing turns a string into markup, script or an external link. */

const SVG = 'http://www.w3.org/2000/svg';

function put(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === 'data') {
      for (const [key, each] of Object.entries(value)) element.dataset[key] = each;
    } else if (name === 'value') {
      element.value = value;
    } else if (name === 'href' && !String(value).startsWith('#')) {
      throw new Error('Links must stay within the console: ' + value);
    } else if (name.startsWith('on') || name === 'style' || name === 'src' || name === 'srcdoc') {
      throw new Error('Attribute not allowed: ' + name);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
}

function fill(element, children) {
  const known = children.flat(Infinity).filter(child => child !== undefined && child !== null && child !== false);
  element.append(...known.map(child => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return element;
}

/** Creates an element: h('a', {class: 'x', href: '#/', on: {click}}, 'text', child). Null and false are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  const { value, ...others } = props;
  put(element, others);
  fill(element, children);
  if (value !== undefined) element.value = value; // after the options of a select
  return element;
}

/** Creates an SVG element. */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  put(element, props);
  return fill(element, children);
}

const ICONS = {
  search: 'M7 12.5a5.5 5.5 0 1 1 0-11 5.5 5.5 0 0 1 0 11ZM11 11l4 4',
  back: 'M10 3 5 8l5 5',
  edit: 'M10.5 2.5l3 3L5.5 13.5l-3.7.7.7-3.7 8-8Z',
  freeze: 'M8 1.5v13M2.4 4.7l11.2 6.6M13.6 4.7 2.4 11.3',
  archive: 'M2 3h12v3H2zM3 6v7h10V6M6.5 9h3',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4',
  undo: 'M5.5 3 2.5 6l3 3M3 6h6a4 4 0 0 1 0 8H6',
  copy: 'M6 5.5h7.5v8.5H6zM10 5.5V2H2.5v8.5H6',
  plus: 'M8 3v10M3 8h10',
  help: 'M8 15A7 7 0 1 1 8 1a7 7 0 0 1 0 14ZM6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.6v.1',
};

/** A decorative icon. */
export function icon(name) {
  return svg('svg', { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: ICONS[name] }));
}

/** A button with a label and optionally an icon. */
export function button(label, click, { kind = '', drawing, ...props } = {}) {
  return h('button', { type: 'button', class: ('button ' + kind).trim(), on: { click }, ...props }, drawing
    && icon(drawing), h('span', {}, label));
}

let fields = 0;

/** A control with its label and optionally a hint. */
export function field(label, control, hint) {
  control.id ||= 'field-' + ++fields;
  const note = hint && h('span', { class: 'hint', id: control.id + '-hint' }, hint);
  if (note) control.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, note);
}

/** A select box; options are [value, label] or plain values. */
export function select(options, chosen, props = {}) {
  const all = options.map(each => (Array.isArray(each) ? each : [each, each]));
  return h('select', { ...props, value: chosen ?? all[0][0] },
    all.map(([value, label]) => h('option', { value }, label)));
}

/** The curl command that adds a memory through a URL. */
export const curlExample = url => `curl ${url} \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"text": "Alice moved to Lyon."}'`;
