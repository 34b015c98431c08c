/* Feedback: loading states, errors, toasts and dialogs. */
import { button, field, h, icon } from './dom.js';

const skeleton = () => h('div', { class: 'skeleton', 'aria-hidden': 'true' }, [1, 2, 3].map(() => h('div')));

/** An error message with the request id and, where it makes sense, a retry button. */
export function failure(problem, again) {
  const id = problem.requestId && h('p', { class: 'quiet small' }, 'Request ', h('code', {}, problem.requestId));
  return h('div', { class: 'failure', role: 'alert' },
    h('p', {}, h('strong', {}, problem.message)), id,
    again && problem.status !== 403 && problem.status !== 404 && button('Try again', again));
}

/** A container that fetches its content: a gray skeleton while loading, then the result of render. Has reload(). */
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

/** Returns whether the user is operating a control inside, which must then not be replaced. */
const used = element => element.contains(document.activeElement) && document.activeElement !== element
  && !document.activeElement.dataset.id;

/** Calls 'again' periodically while the element is on the page and the page is visible. */
export function every(milliseconds, element, again) {
  const timer = setInterval(() => {
    if (!element.isConnected) clearInterval(timer);
    else if (document.visibilityState === 'visible' && !used(element)) again();
  }, milliseconds);
}

/** An empty state with advice on what to do. */
export const empty = (title, ...advice) => h('div', { class: 'empty' }, h('h2', {}, title),
  advice.map(each => h('p', {}, each)));

/** Shows a short notification, optionally with an undo button. */
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

/** Runs an action and reports its failure; returns whether it succeeded. */
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

/** Opens a modal dialog with a heading; Escape closes it. */
export function dialog(title, ...content) {
  const box = h('dialog', { 'aria-label': title });
  box.append(h('div', { class: 'dialog' },
    h('div', { class: 'dialog-head' }, h('h2', {}, title),
      h('button', { type: 'button', class: 'plain close', 'aria-label': 'Close', on: { click: () => box.close() } },
        '×')),
    ...content.flat().filter(Boolean)));
  return open(box);
}

/**
 * Opens a dialog with controls and one action. 'send' gets the dialog and does the work. If it throws, the error is
 * shown and the dialog stays open.
 */
export function ask(title, controls, { action, send, danger = false }) {
  const said = h('div', { 'aria-live': 'assertive' });
  const submit = h('button', { type: 'submit', class: danger ? 'button danger' : 'button primary' },
    h('span', {}, action));
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

/** Shows a secret that cannot be retrieved again. */
export function reveal(title, secret, advice) {
  const shown = h('input', { readonly: true, class: 'mono', value: secret, on: { focus: () => shown.select() } });
  const box = dialog(title, h('p', {}, advice), h('div', { class: 'secret' }, field('Key', shown),
    copier(() => secret)),
    h('div', { class: 'actions end' }, button('Done', () => box.close(), { kind: 'primary' })));
}

/** A copy button; null if the browser has no clipboard access. */
export function copier(text, label = 'Copy') {
  if (!navigator.clipboard) return null;
  return h('button', {
    type: 'button', class: 'button small',
    on: { click: () => attempt(async () => { await navigator.clipboard.writeText(text()); toast('Copied.'); }) },
  }, icon('copy'), h('span', {}, label));
}
