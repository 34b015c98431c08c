/* Formats numbers and times. Times are in the user's time zone, with the relative time as a tooltip. */
import { h } from './dom.js';

const two = number => String(number).padStart(2, '0');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const numbers = new Intl.NumberFormat('en');
const days = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const UNITS = [['year', 31557600], ['month', 2629800], ['week', 604800], ['day', 86400], ['hour', 3600], ['minute', 60],
  ['second', 1]];

/** The day in the user's time zone, such as 2026-05-17. */
export function day(instant) {
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function dayName(date) {
  const [year, month, of] = date.split('-').map(Number);
  return days.format(new Date(year, month - 1, of));
}

export function clock(instant) {
  const at = new Date(instant);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function ago(instant, now = Date.now()) {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS.at(-1);
  return relative.format(Math.round(seconds / length), unit);
}

/** Renders an instant; form is 'full', 'clock' or 'day'. */
export function time(instant, form = 'full') {
  if (!instant) return h('span', { class: 'quiet' }, '—');
  const text = form === 'clock' ? clock(instant) : form === 'day' ? day(instant) : `${day(instant)} ${clock(instant)}`;
  return h('time', { datetime: instant, title: `${ago(instant)} · ${instant}` }, text);
}

export const number = value => numbers.format(value ?? 0);

export const count = (value, one, many = one + 's') => `${number(value)} ${value === 1 ? one : many}`;

export function milliseconds(value) {
  return value < 10 ? value.toFixed(2) + ' ms' : value < 1000 ? Math.round(value) + ' ms' : span(value);
}

/** Formats a duration in milliseconds, such as 3 min. */
export function span(ms) {
  const seconds = ms / 1000;
  if (seconds < 1) return Math.round(ms) + ' ms';
  if (seconds < 90) return Math.round(seconds) + ' s';
  if (seconds < 5400) return Math.round(seconds / 60) + ' min';
  if (seconds < 172800) return Math.round(seconds / 3600) + ' h';
  return Math.round(seconds / 86400) + ' days';
}

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value, unit = 0;
  while (size >= 1024 && unit < units.length - 1) { size /= 1024; unit++; }
  return (size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)) + ' ' + units[unit];
}

/** Truncates a text at a word boundary. */
export function brief(text, most = 160) {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= most) return flat;
  const cut = flat.slice(0, most);
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), most * 0.6)) + '…';
}
