/* The login page. */
import { call, key } from './api.js';
import { field, h } from './dom.js';
import { failure } from './feedback.js';

/** @param reason an explanation shown if the user has to log in again */
export function login(entered, reason) {
  const input = h('input', { type: 'password', autocomplete: 'off', spellcheck: 'false', placeholder: 'm4j_…',
    required: true, class: 'mono' });
  const said = h('div', { 'aria-live': 'assertive' }, reason && h('p', { class: 'failure' }, reason));
  const submit = h('button', { type: 'submit', class: 'button primary wide' }, 'Log in');

  async function check(event) {
    event.preventDefault();
    const secret = input.value.trim();
    submit.disabled = true;
    try {
      if (!/^[\x21-\x7e]+$/.test(secret)) throw Object.assign(new Error('Enter a key. Keys start with m4j_.'),
        { status: 0 });
      await call('GET', 'me', { secret });
      key.set(secret);
      entered();
    } catch (problem) {
      const wrong = problem.status === 401;
      said.replaceChildren(failure(wrong
        ? Object.assign(new Error('The server does not accept this key. It may be mistyped, expired or revoked.'),
          { requestId: problem.requestId })
        : problem));
      input.setAttribute('aria-invalid', 'true');
      input.select();
      input.focus();
    } finally {
      submit.disabled = false;
    }
  }

  const element = h('section', { class: 'login' },
    h('h1', {}, 'memos4j'),
    h('p', { class: 'quiet' }, 'Inspect and manage the memories of your applications.'),
    h('form', { novalidate: true, on: { submit: check } },
      field('API key', input, 'The server printed the first key when it was started for the first time.'), said,
        submit),
    h('p', { class: 'quiet small' }, 'The key is kept in this tab until you log out or close it.'));
  return { element, title: 'Log in', focus: input };
}
