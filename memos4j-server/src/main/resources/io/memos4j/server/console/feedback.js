/* What the page says while it waits, when something failed, when something was done, and before something is lost. */
import { button, field, h, icon } from './dom.js';

const skeleton = () => h('div', { class: 'skeleton', 'aria-hidden': 'true' }, [1, 2, 3].map(() => h('div')));

/** Why something failed, with a way to try again and the id for the server's log. */
export function failure(problem, again) {
  const id = problem.requestId && h('p', { class: 'quiet small' }, 'Request ', h('code', {}, problem.requestId));
  return h('div', { class: 'failure', role: 'alert' },
    h('p', {}, h('strong', {}, problem.message)), id,
    again && problem.status !== 403 && problem.status !== 404 && button('Try again', again));
}

/** A place that fetches what it shows: a grey sketch while it waits, then what render makes of it. Has reload(). */
export function load(fetch, render, { sketch = true } = {}) {
  const box = h('div', { class: 'load' });
  let latest = 0;
  box.reload = async ({ quiet = false } = {}) => {
    const mine = ++latest;
    box.setAttribute('aria-busy', 'true');
    if (!quiet) box.replaceChildren(...(sketch ? [skeleton()] : []));
    let shown;
    try {
      shown = render(await fetch());
    } catch (problem) {
      if (!(problem.status >= 0)) console.error(problem);
      shown = failure(problem, () => box.reload());
    }
    if (mine !== latest) return;
    box.removeAttribute('aria-busy');
    const kept = quiet && box.contains(document.activeElement) && document.activeElement.dataset.id;
    box.replaceChildren(...[shown].flat(Infinity).filter(Boolean));
    if (kept) box.querySelector(`[data-id="${CSS.escape(kept)}"]`)?.focus({ preventScroll: true });
  };
  box.reload();
  return box;
}

/** Whether the person is at a control within; then it must not be taken from under their hands. */
const used = element => element.contains(document.activeElement) && document.activeElement !== element && !document.activeElement.dataset.id;

/** Calls again and again while the element is on the page and the page is looked at. */
export function every(milliseconds, element, again) {
  const timer = setInterval(() => {
    if (!element.isConnected) clearInterval(timer);
    else if (document.visibilityState === 'visible' && !used(element)) again();
  }, milliseconds);
}

/** Nothing here: says so, and what to do about it. */
export const empty = (title, ...advice) => h('div', { class: 'empty' }, h('h2', {}, title), advice.map(each => h('p', {}, each)));

/** A short word at the edge of the page; undo is offered where it is given. */
export function toast(text, { undo, bad = false } = {}) {
  const close = () => box.remove();
  const box = h('div', { class: bad ? 'toast bad' : 'toast' }, h('span', {}, text),
    undo && button('Undo', () => { close(); attempt(undo); }, { drawing: 'undo', kind: 'plain' }),
    h('button', { type: 'button', class: 'plain close', 'aria-label': 'Close', on: { click: close } }, '×'));
  const toasts = document.getElementById('toasts');
  toasts.append(box);
  while (toasts.children.length > 3) toasts.firstChild.remove();
  setTimeout(close, bad ? 20000 : undo ? 12000 : 5000);
}

/** Does something; if it fails, says why. Whether it went well. */
export async function attempt(what) {
  try {
    await what();
    return true;
  } catch (problem) {
    if (!(problem.status >= 0)) console.error(problem);
    toast(problem.message + (problem.requestId ? ` (request ${problem.requestId})` : ''), { bad: true });
    return false;
  }
}

function open(dialog) {
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  dialog.showModal();
  return dialog;
}

/** A window over the page with a heading; Escape closes it. */
export function dialog(title, ...content) {
  const box = h('dialog', { 'aria-label': title });
  box.append(h('div', { class: 'dialog' },
    h('div', { class: 'dialog-head' }, h('h2', {}, title),
      h('button', { type: 'button', class: 'plain close', 'aria-label': 'Close', on: { click: () => box.close() } }, '×')),
    ...content.flat().filter(Boolean)));
  return open(box);
}

/**
 * A window with controls and one action. 'send' gets the dialog and does the work; what it throws is shown, and the window stays open.
 */
export function ask(title, controls, { action, send, danger = false }) {
  const said = h('div', { 'aria-live': 'assertive' });
  const submit = h('button', { type: 'submit', class: danger ? 'button danger' : 'button primary' }, h('span', {}, action));
  const form = h('form', {
    novalidate: true,
    on: {
      submit: async event => {
        event.preventDefault();
        submit.disabled = true;
        try {
          await send(box);
          box.close();
        } catch (problem) {
          said.replaceChildren(failure(problem));
        } finally {
          submit.disabled = false;
        }
      },
      keydown: event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit(); },
    },
  }, controls, said, h('div', { class: 'actions end' }, button('Cancel', () => box.close()), submit));
  const box = dialog(title, form);
  return box;
}

/** Shows a secret that cannot be shown again. */
export function reveal(title, secret, advice) {
  const shown = h('input', { readonly: true, class: 'mono', value: secret, on: { focus: () => shown.select() } });
  const box = dialog(title, h('p', {}, advice), h('div', { class: 'secret' }, field('Key', shown), copier(() => secret)),
    h('div', { class: 'actions end' }, button('Done', () => box.close(), { kind: 'primary' })));
}

/** Copies a text; not there where the browser does not allow it. */
export function copier(text, label = 'Copy') {
  if (!navigator.clipboard) return null;
  return h('button', {
    type: 'button', class: 'button small',
    on: { click: () => attempt(async () => { await navigator.clipboard.writeText(text()); toast('Copied.'); }) },
  }, icon('copy'), h('span', {}, label));
}
