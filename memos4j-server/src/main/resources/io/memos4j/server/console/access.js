/* Who may use the server: principals, their keys, and what they were granted. For administrators. */
import { at, call, cubes, get, me } from './api.js';
import { button, field, h, select } from './dom.js';
import { ask, attempt, empty, load, reveal, toast } from './feedback.js';
import { time } from './format.js';
import { refresh } from './router.js';

const SCOPES = [['admin', 'admin: everything its principal may'], ['write', 'write: read and change memories'], ['read', 'read: search and read only']];
const LIFE = [['', 'never'], [86400, 'in a day'], [604800, 'in a week'], [2592000, 'in 30 days'], [31536000, 'in a year']];
const ONCE = 'Copy it now. It is shown only this once.';

const list = text => text.split(',').map(each => each.trim()).filter(Boolean);

function newPrincipal() {
  const name = h('input', { autocomplete: 'off', placeholder: 'acme' });
  const administrator = h('input', { type: 'checkbox', id: 'administrator' });
  ask('New principal', [field('Name', name, 'A person, a team or an application. Its cubes lie in a space of its own.'),
    h('label', { class: 'check', for: 'administrator' }, administrator, 'Administrator: may do everything on this server')], {
    action: 'Make principal',
    send: async () => {
      if (!name.value.trim()) throw new Error('Give a name.');
      await call('PUT', at`principals/${name.value.trim()}`, { body: { administrator: administrator.checked } });
      refresh();
      toast('Made. It needs a key to call with.');
    },
  });
}

function newKey(principal) {
  const label = h('input', { autocomplete: 'off', placeholder: 'laptop' });
  const scope = select(SCOPES, 'write');
  const only = h('input', { autocomplete: 'off', placeholder: 'all' });
  const expires = select(LIFE, '');
  ask('New key for ' + principal, [field('Label', label, 'What it is for, so that you know it again.'), field('Scope', scope),
    field('Cubes', only, 'Full names with commas between them; empty for all that its principal may use.'), field('Expires', expires)], {
    action: 'Make key',
    send: async () => {
      const body = { principal, label: label.value.trim(), scope: scope.value, cubes: list(only.value) };
      if (expires.value) body.expires_in_s = Number(expires.value);
      const made = await call('POST', 'keys', { body });
      refresh();
      reveal('The new key', made.secret, ONCE);
    },
  });
}

function rotate(key) {
  const grace = select([['0', 'at once'], ['3600', 'after an hour'], ['86400', 'after a day']], '3600');
  ask('Rotate this key?', [h('p', {}, `A new key like “${key.label || key.id}” is made.`), field('The old one ends', grace)], {
    action: 'Rotate',
    send: async () => {
      const made = await call('POST', at`keys/${key.id}/rotate` + '?grace_s=' + grace.value);
      refresh();
      reveal('The new key', made.secret, ONCE);
    },
  });
}

function revoke(key, own) {
  ask('Revoke this key?', [h('p', {}, `Calls with “${key.label || key.id}” are refused from now on.`),
    own && h('p', { class: 'warning' }, 'It is the key that you are logged in with.')], {
    action: 'Revoke',
    danger: true,
    send: async () => {
      await call('DELETE', at`keys/${key.id}`);
      refresh();
      toast('Revoked.');
    },
  });
}

function remove(principal) {
  ask('Remove this principal?', [h('p', {}, `“${principal}” loses its keys and grants. Its cubes stay, and whoever is later given its name owns them.`)], {
    action: 'Remove',
    danger: true,
    send: async () => {
      await call('DELETE', at`principals/${principal}`);
      refresh();
      toast('Removed.');
    },
  });
}

async function grant(principal) {
  const known = h('datalist', { id: 'known-cubes' }, (await cubes()).map(each => h('option', { value: each.cube })));
  const cube = h('input', { autocomplete: 'off', list: known.id });
  const permission = select(['read', 'write', 'admin'], 'read');
  ask('Grant a cube to ' + principal, [field('Cube', cube, 'Its full name, like acme/notes.'), known, field('Permission', permission)], {
    action: 'Grant',
    send: async () => {
      if (!cube.value.trim()) throw new Error('Name a cube.');
      await call('PUT', at`principals/${principal}/grants/${cube.value.trim()}`, { body: { permission: permission.value } });
      refresh();
      toast('Granted.');
    },
  });
}

const ended = key => key.revoked || (key.expires && new Date(key.expires) <= new Date());

function keyRow(key, own) {
  const state = key.revoked ? 'revoked' : ended(key) ? 'expired' : '';
  return h('li', { class: state ? 'row key faded' : 'row key', tabindex: 0, data: { row: '' } },
    h('span', {}, h('strong', {}, key.label || 'no label'), ' ', own && h('span', { class: 'chip good' }, 'this one'), state && h('span', { class: 'chip' }, state)),
    h('span', { class: 'row-facts' }, h('code', {}, key.id), h('span', { class: 'chip' }, key.scope),
      h('span', {}, key.cubes.length ? 'only ' + key.cubes.join(', ') : 'all cubes'),
      h('span', {}, key.last_used ? ['used ', time(key.last_used)] : 'never used'), key.expires && !key.revoked && h('span', {}, 'expires ', time(key.expires))),
    !state && h('span', { class: 'actions' }, button('Rotate', () => rotate(key), { kind: 'small' }), button('Revoke', () => revoke(key, own), { kind: 'small' })));
}

function grants(principal, found) {
  return [found.length > 0 && h('h3', {}, 'Granted'), h('ul', { class: 'rows' }, found.map(each => h('li', { class: 'row key' }, h('span', {}, h('strong', {}, each.cube)),
    h('span', { class: 'row-facts' }, h('span', { class: 'chip' }, each.permission), each.expires && h('span', {}, 'until ', time(each.expires))),
    h('span', { class: 'actions' }, button('Take back', () => attempt(async () => {
      await call('DELETE', at`principals/${principal}/grants/${each.cube}`);
      refresh();
      toast('Taken back.');
    }), { kind: 'small' })))))];
}

function card(each, keys, who) {
  const own = each.principal === who.principal;
  const sorted = [...keys].sort((a, b) => Boolean(ended(a)) - Boolean(ended(b)) || b.created.localeCompare(a.created));
  return h('section', { class: 'panel' },
    h('div', { class: 'panel-head' }, h('h2', {}, each.principal), each.administrator && h('span', { class: 'chip good' }, 'administrator'),
      h('span', { class: 'quiet small' }, 'since ', time(each.created, 'day')), h('span', { class: 'grow' }),
      h('span', { class: 'actions' }, button('New key', () => newKey(each.principal), { kind: 'small', drawing: 'plus' }),
        !each.administrator && button('Grant a cube', () => attempt(() => grant(each.principal)), { kind: 'small' }),
        !own && button('Remove', () => remove(each.principal), { kind: 'small' }))),
    sorted.length ? h('ul', { class: 'rows' }, sorted.map(key => keyRow(key, key.id === who.key.id))) : h('p', { class: 'quiet' }, 'It has no key, so nobody can call as this principal.'),
    !each.administrator && load(() => get(at`principals/${each.principal}/grants`), found => grants(each.principal, found.grants), { sketch: false }));
}

export function access() {
  const fetch = () => Promise.all([get('principals'), get('keys'), me()]);
  const box = load(fetch, ([{ principals }, { keys }, who]) => (principals.length
    ? principals.map(each => card(each, keys.filter(key => key.principal === each.principal), who)) : empty('No principal yet.')));
  return {
    title: 'Access',
    reload: () => box.reload({ quiet: true }),
    element: h('section', {}, h('div', { class: 'tools' }, h('h1', {}, 'Access'), h('span', { class: 'grow' }),
      button('New principal', newPrincipal, { kind: 'primary', drawing: 'plus' })), box),
  };
}
