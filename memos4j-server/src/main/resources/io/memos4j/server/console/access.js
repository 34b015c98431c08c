/* Access management for administrators: principals, keys, grants. */
import { at, call, cubes, get, me } from './api.js';
import { button, field, h, select } from './dom.js';
import { ask, attempt, empty, load, reveal, toast } from './feedback.js';
import { time } from './format.js';
import { refresh } from './router.js';

const SCOPES = [['admin', 'admin: everything the principal can do'], ['write', 'write: read and change memories'],
  ['read', 'read: search and read only']];
const LIFE = [['', 'never'], [86400, 'in 1 day'], [604800, 'in 1 week'], [2592000, 'in 30 days'],
  [31536000, 'in 1 year']];
const ONCE = 'Copy the key now. You will not be able to see it again.';

const list = text => text.split(',').map(each => each.trim()).filter(Boolean);

function newPrincipal() {
  const name = h('input', { autocomplete: 'off', placeholder: 'acme' });
  const administrator = h('input', { type: 'checkbox', id: 'administrator' });
  ask('New principal', [field('Name', name, 'A person, a team or an application. Its cubes are in its own space.'),
    h('label', { class: 'check', for: 'administrator' }, administrator, 'Administrator: full access to this server')], {
    action: 'Create principal',
    send: async () => {
      if (!name.value.trim()) throw new Error('Enter a name.');
      await call('PUT', at`principals/${name.value.trim()}`, { body: { administrator: administrator.checked } });
      refresh();
      toast('Principal created. Create a key for it next.');
    },
  });
}

function newKey(principal) {
  const label = h('input', { autocomplete: 'off', placeholder: 'laptop' });
  const scope = select(SCOPES, 'write');
  const only = h('input', { autocomplete: 'off', placeholder: 'all' });
  const expires = select(LIFE, '');
  ask('New key for ' + principal, [field('Label', label, 'A name that helps you recognize the key.'),
    field('Scope', scope),
    field('Cubes', only, 'Full names, separated by commas. Leave empty for all cubes that the principal can access.'),
      field('Expires', expires)], {
    action: 'Create key',
    send: async () => {
      const body = { principal, label: label.value.trim(), scope: scope.value, cubes: list(only.value) };
      if (expires.value) body.expires_in_s = Number(expires.value);
      const made = await call('POST', 'keys', { body });
      refresh();
      reveal('New key', made.secret, ONCE);
    },
  });
}

function rotate(key) {
  const grace = select([['0', 'immediately'], ['3600', 'after 1 hour'], ['86400', 'after 1 day']], '3600');
  ask('Rotate this key?', [h('p', {}, `This creates a new key with the settings of “${key.label || key.id}”.`),
    field('Old key expires', grace)], {
    action: 'Rotate',
    send: async () => {
      const made = await call('POST', at`keys/${key.id}/rotate` + '?grace_s=' + grace.value);
      refresh();
      reveal('New key', made.secret, ONCE);
    },
  });
}

function revoke(key, own) {
  ask('Revoke this key?', [h('p', {}, `Requests with “${key.label || key.id}” will be rejected.`),
    own && h('p', { class: 'warning' }, 'You are logged in with this key.')], {
    action: 'Revoke',
    danger: true,
    send: async () => {
      await call('DELETE', at`keys/${key.id}`);
      refresh();
      toast('Key revoked.');
    },
  });
}

function remove(principal) {
  ask('Remove this principal?', [h('p', {},
    `“${principal}” loses its keys and grants. Its cubes remain; a new principal with the same name would own them.`)],
    {
    action: 'Remove',
    danger: true,
    send: async () => {
      await call('DELETE', at`principals/${principal}`);
      refresh();
      toast('Principal removed.');
    },
  });
}

async function grant(principal) {
  const known = h('datalist', { id: 'known-cubes' }, (await cubes()).map(each => h('option', { value: each.cube })));
  const cube = h('input', { autocomplete: 'off', list: known.id });
  const permission = select(['read', 'write', 'admin'], 'read');
  ask('Grant ' + principal + ' access to a cube', [field('Cube', cube, 'The full name, such as acme/notes.'), known,
    field('Permission', permission)], {
    action: 'Grant',
    send: async () => {
      if (!cube.value.trim()) throw new Error('Enter the name of a cube.');
      await call('PUT', at`principals/${principal}/grants/${cube.value.trim()}`,
        { body: { permission: permission.value } });
      refresh();
      toast('Access granted.');
    },
  });
}

const ended = key => key.revoked || (key.expires && new Date(key.expires) <= new Date());

function keyRow(key, own) {
  const state = key.revoked ? 'revoked' : ended(key) ? 'expired' : '';
  return h('li', { class: state ? 'row key faded' : 'row key', tabindex: 0, data: { row: '' } },
    h('span', {}, h('strong', {}, key.label || 'no label'), ' ', own
      && h('span', { class: 'chip good' }, 'this session'), state && h('span', { class: 'chip' }, state)),
    h('span', { class: 'row-facts' }, h('code', {}, key.id), h('span', { class: 'chip' }, key.scope),
      h('span', {}, key.cubes.length ? 'only ' + key.cubes.join(', ') : 'all cubes'),
      h('span', {}, key.last_used ? ['used ', time(key.last_used)] : 'never used'), key.expires && !key.revoked
        && h('span', {}, 'expires ', time(key.expires))),
    !state && h('span', { class: 'actions' }, button('Rotate', () => rotate(key), { kind: 'small' }),
      button('Revoke', () => revoke(key, own), { kind: 'small' })));
}

function grants(principal, found) {
  return [found.length > 0 && h('h3', {}, 'Grants'), h('ul', { class: 'rows' },
    found.map(each => h('li', { class: 'row key' }, h('span', {}, h('strong', {}, each.cube)),
    h('span', { class: 'row-facts' }, h('span', { class: 'chip' }, each.permission), each.expires
      && h('span', {}, 'until ', time(each.expires))),
    h('span', { class: 'actions' }, button('Revoke grant', () => attempt(async () => {
      await call('DELETE', at`principals/${principal}/grants/${each.cube}`);
      refresh();
      toast('Grant revoked.');
    }), { kind: 'small' })))))];
}

function card(each, keys, who) {
  const own = each.principal === who.principal;
  const sorted = [...keys].sort((a, b) => Boolean(ended(a)) - Boolean(ended(b)) || b.created.localeCompare(a.created));
  return h('section', { class: 'panel' },
    h('div', { class: 'panel-head' }, h('h2', {}, each.principal), each.administrator
      && h('span', { class: 'chip good' }, 'administrator'),
      h('span', { class: 'quiet small' }, 'since ', time(each.created, 'day')), h('span', { class: 'grow' }),
      h('span', { class: 'actions' }, button('New key', () => newKey(each.principal),
        { kind: 'small', drawing: 'plus' }),
        !each.administrator && button('Grant access', () => attempt(() => grant(each.principal)), { kind: 'small' }),
        !own && button('Remove', () => remove(each.principal), { kind: 'small' }))),
    sorted.length ? h('ul', { class: 'rows' }, sorted.map(key => keyRow(key, key.id === who.key.id)))
      : h('p', { class: 'quiet' }, 'No keys yet. Create one to make requests as this principal.'),
    !each.administrator && load(() => get(at`principals/${each.principal}/grants`), found =>
      grants(each.principal, found.grants), { sketch: false }));
}

export function access() {
  const fetch = () => Promise.all([get('principals'), get('keys'), me()]);
  const box = load(fetch, ([{ principals }, { keys }, who]) => (principals.length
    ? principals.map(each => card(each, keys.filter(key => key.principal === each.principal), who))
      : empty('No principals yet')));
  return {
    title: 'Access',
    reload: () => box.reload({ quiet: true }),
    element: h('section', {}, h('div', { class: 'tools' }, h('h1', {}, 'Access'), h('span', { class: 'grow' }),
      button('New principal', newPrincipal, { kind: 'primary', drawing: 'plus' })), box),
  };
}
