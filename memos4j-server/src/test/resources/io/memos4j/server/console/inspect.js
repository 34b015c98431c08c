/* Finds what people could not read, reach or name on this page: text of too little contrast, controls without a name, what sticks out sideways. */
const found = [];

function rgba(text) {
  const canvas = rgba.canvas ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return { r, g, b, a: a / 255 };
}

const over = (top, below) => ({
  r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1,
});

function background(element) {
  const layers = [];
  for (let each = element; each; each = each.parentElement) layers.unshift(rgba(getComputedStyle(each).backgroundColor));
  return layers.reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
}

function opacity(element) {
  let all = 1;
  for (let each = element; each; each = each.parentElement) all *= Number(getComputedStyle(each).opacity);
  return all;
}

function luminance({ r, g, b }) {
  const [x, y, z] = [r, g, b].map(each => (each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || element.closest('svg, .unseen, .skip, noscript, script, datalist, select') || !element.checkVisibility()) continue;
  const behind = background(element);
  const ink = rgba(getComputedStyle(element).color);
  const ratio = contrast(over({ ...ink, a: ink.a * opacity(element) }, behind), behind);
  if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(2)}: ${node.data.trim().slice(0, 60)}`);
}

for (const control of document.querySelectorAll('input, select, textarea')) {
  if (!control.labels.length && !control.ariaLabel) found.push('no label: ' + control.outerHTML.slice(0, 120));
}
for (const control of document.querySelectorAll('button, a, summary')) {
  if (!control.textContent.trim() && !control.ariaLabel) found.push('no name: ' + control.outerHTML.slice(0, 120));
}
const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
ids.filter((each, index) => ids.indexOf(each) !== index).forEach(each => found.push('id twice: ' + each));
if (document.querySelectorAll('h1').length !== 1) found.push('headings of the first order: ' + document.querySelectorAll('h1').length);
const wide = document.documentElement.scrollWidth - innerWidth;
if (wide > 0) {
  const culprit = [...document.querySelectorAll('main *')].find(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('nav, pre, svg'));
  found.push(`sticks out by ${wide} px: ${culprit?.outerHTML.slice(0, 120)}`);
}
return found;
