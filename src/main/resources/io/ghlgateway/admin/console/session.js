// The operator's key: in this tab's memory and its session storage, sent in a header, in no address and no cookie.

const NAME = 'ghl-gateway.admin-key';

let key = sessionStorage.getItem(NAME);

export const hasKey = () => key !== null;

export function keep(given) {
  key = given;
  sessionStorage.setItem(NAME, given);
}

export function forget() {
  key = null;
  sessionStorage.removeItem(NAME);
}

/** What the door answered, where that is no success; with its own words. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** @param path below this door, such as admin/v1/status */
export async function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  if (key !== null) {
    headers.set('Authorization', `Bearer ${key}`);
  }
  const answer = await fetch(`../${path}`, { ...options, headers, cache: 'no-store', credentials: 'omit' });
  if (!answer.ok) {
    throw new Refused(answer.status, await reason(answer));
  }
  return answer;
}

async function reason(answer) {
  try {
    return (await answer.json()).detail ?? `status ${answer.status}`;
  } catch {
    return `status ${answer.status}`;
  }
}

export const get = async (path) => (await ask(path)).json();

export async function post(path, body) {
  const answer = await ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  return answer.json();
}

/** app and location:ID as they stand in a path. */
export const place = (app, resource) => `${encodeURIComponent(app)}/${encodeURIComponent(resource).replace('%3A', ':')}`;
