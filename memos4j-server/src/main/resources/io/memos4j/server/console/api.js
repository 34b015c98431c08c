/* Calls the native API with this tab's key. The key is in sessionStorage: closing the tab removes it, and no other site
   can make the browser send it. */

const SLOT = 'memos4j.key';
const API = new URL('../v1/', import.meta.url);

/** This tab's key. */
export const key = {
  get: () => sessionStorage.getItem(SLOT) ?? '',
  set: secret => sessionStorage.setItem(SLOT, secret),
  clear: () => sessionStorage.removeItem(SLOT),
};

/** The cause of a failed call, with the request id for the server's log. */
export class Problem extends Error {
  constructor(status, code, detail, requestId) {
    super(detail);
    Object.assign(this, { status, code, requestId });
  }
}

/** Builds a path with encoded values: at`cubes/${name}/memories`. */
export const at = (parts, ...values) => parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1])
  + part);

/** Builds a query string, leaving out empty parameters. */
export function parameters(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? '?' + new URLSearchParams(given) : '';
}

const afterChange = new Set();

/** Registers a listener for calls that may have changed something. */
export const onChange = listener => afterChange.add(listener);

let signedOut = () => {};

/** Sets the listener for a key that the server no longer accepts. */
export const onSignedOut = listener => { signedOut = listener; };

async function send(method, path, { body, headers = {}, secret = key.get() } = {}) {
  const sent = { ...headers, Authorization: 'Bearer ' + secret };
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  try {
    return await fetch(new URL(path, API), {
      method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store',
        credentials: 'omit', redirect: 'error',
    });
  } catch {
    throw new Problem(0, 'unreachable', 'Cannot reach the server. Check that it is running, then try again.', '');
  }
}

async function problem(response) {
  const id = response.headers.get('X-Request-Id') ?? '';
  try {
    const said = await response.json();
    return new Problem(response.status, said.code ?? 'unknown', said.detail ?? 'The request was rejected.',
      said.request_id ?? id);
  } catch {
    return new Problem(response.status, 'unknown', `The server responded with status ${response.status}.`, id);
  }
}

/** Returns the response's JSON; throws a Problem. With 'secret', uses that key, whose rejection does not sign out. */
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

/** The signed-in principal. */
export async function me() {
  return (known.me ??= await get('me'));
}

/** The cubes and the permission on each. */
export async function cubes() {
  return (await (known.cubes ??= get('cubes').catch(failed => { delete known.cubes; throw failed; }))).cubes;
}

/** The permission on a cube: read, write or admin; empty for none. */
export async function permission(cube) {
  const found = async () => (await cubes()).find(each => each.cube === cube)?.permission ?? '';
  const held = await found();
  if (held) return held;
  forget();
  return found();
}

/** Clears the cached cubes and, with 'all', the principal. */
export function forget({ all = false } = {}) {
  delete known.cubes;
  if (all) delete known.me;
}

onChange(forget);
