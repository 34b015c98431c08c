/* Speaks to the native API with the key of this tab. The key lies in sessionStorage: it is gone with the tab, and no other site can make the
   browser send it. */

const SLOT = 'memos4j.key';
const API = new URL('../v1/', import.meta.url);

/** The key of this tab. */
export const key = {
  get: () => sessionStorage.getItem(SLOT) ?? '',
  set: secret => sessionStorage.setItem(SLOT, secret),
  clear: () => sessionStorage.removeItem(SLOT),
};

/** Why a call failed, in words for the person, with the id under which the server's log has it. */
export class Problem extends Error {
  constructor(status, code, detail, requestId) {
    super(detail);
    Object.assign(this, { status, code, requestId });
  }
}

/** An address with its values encoded: at`cubes/${name}/memories`. */
export const at = (parts, ...values) => parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1]) + part);

/** Parameters without those that are empty. */
export function parameters(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? '?' + new URLSearchParams(given) : '';
}

const afterChange = new Set();

/** Runs whenever a call may have changed something. */
export const onChange = listener => afterChange.add(listener);

let signedOut = () => {};

/** Runs when the server no longer takes the key. */
export const onSignedOut = listener => { signedOut = listener; };

async function send(method, path, { body, headers = {}, secret = key.get() } = {}) {
  const sent = { ...headers, Authorization: 'Bearer ' + secret };
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  try {
    return await fetch(new URL(path, API), {
      method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store', credentials: 'omit', redirect: 'error',
    });
  } catch {
    throw new Problem(0, 'unreachable', 'The server does not answer. See whether it runs, then try again.', '');
  }
}

async function problem(response) {
  const id = response.headers.get('X-Request-Id') ?? '';
  try {
    const said = await response.json();
    return new Problem(response.status, said.code ?? 'unknown', said.detail ?? 'The server refused.', said.request_id ?? id);
  } catch {
    return new Problem(response.status, 'unknown', `The server answered with ${response.status}.`, id);
  }
}

/** Calls and returns the answer's JSON; an error is a Problem. With 'secret', that key is used, and a refusal of it is only an error. */
export async function call(method, path, options = {}) {
  const response = await send(method, path, options);
  if (!response.ok) {
    const failed = await problem(response);
    if (failed.status === 401 && options.secret === undefined) signedOut(failed);
    throw failed;
  }
  if (method !== 'GET' && !options.reads) afterChange.forEach(listener => listener());
  return response.status === 204 ? undefined : response.json();
}

export const get = path => call('GET', path);

const known = {};

/** Who is signed in. */
export async function me() {
  return (known.me ??= await get('me'));
}

/** The cubes with the permission on each. */
export async function cubes() {
  return (await (known.cubes ??= get('cubes').catch(failed => { delete known.cubes; throw failed; }))).cubes;
}

/** What the key may do with a cube: read, write, admin; empty for nothing. */
export async function permission(cube) {
  const found = async () => (await cubes()).find(each => each.cube === cube)?.permission ?? '';
  const held = await found();
  if (held) return held;
  forget();
  return found();
}

/** Forgets who is signed in and what they may do. */
export function forget({ all = false } = {}) {
  delete known.cubes;
  if (all) delete known.me;
}

onChange(forget);
