import { attribute, badge, byId, el, keyed, row, set, text } from './dom.js';
import { askFirst, permit } from './dialogs.js';
import { duration, moment, number } from './format.js';
import { place, post } from './session.js';

const KINDS = { active: 'ok', pending: 'warn', paused: 'warn', lost: 'bad', revoked: '' };

export function showCredentials({ credentials, at }) {
  const now = Date.parse(at);
  const first = credentials?.first ?? [];
  keyed(byId('credentials'), first, (each) => `${each.app} ${each.resource}`, makeRow, (node, each) => updateRow(node, each, now));
  set(byId('credentials').parentElement, 'hidden', first.length === 0);
  set(byId('credentials-empty'), 'hidden', first.length > 0);
  text(byId('credentials-empty'), credentials
    ? `${Object.keys(credentials.statuses).length > 0 ? 'No app is installed anywhere any more.' : 'No app is installed anywhere yet.'} Private tokens do not expire.`
    : 'Private tokens only, and these do not expire. Apps need credentials.encryption-key.');
  text(byId('credentials-note'), first.length === 0 ? '' : summary(credentials, first));
}

function summary({ statuses }, first) {
  const all = Object.entries(statuses).map(([status, count]) => `${number(count)} ${status}`).join(', ');
  const held = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return held > first.length ? `${all}. Those first that need somebody, then those that end first.` : `${all}.`;
}

function makeRow() {
  const node = row(['', 'Health', 'Expires', 'Renewed', '']);
  const [name, health, , , actions] = node.cells;
  name.append(el('span', { className: 'name' }), el('span', { className: 'id' }));
  health.append(badge('', ''), el('p', { className: 'words' }));
  actions.className = 'actions';
  actions.append(el('button', { type: 'button' }));
  return node;
}

function updateRow(node, each, now) {
  const [name, health, expires, renewed, actions] = node.cells;
  const [kind, id] = each.resource.split(':');
  text(name.firstChild, id);
  text(name.lastChild, `${each.app} · ${kind}${each.origin === 'minted' ? ', minted' : ''}`);
  const end = each.expires ? Date.parse(each.expires) : undefined;
  const ended = end !== undefined && end <= now;
  set(health.firstChild, 'className', `badge ${ended && each.status === 'active' ? 'warn' : KINDS[each.status] ?? ''}`);
  text(health.firstChild, ended && each.status === 'active' ? 'ended' : each.status);
  text(health.lastChild, each.reason ?? '');
  text(expires, end === undefined ? 'no token yet' : ended ? `${duration(now - end)} ago` : `in ${duration(end - now)} (${moment(end, now)})`);
  const next = each.renews ? Date.parse(each.renews) - now : undefined;
  text(renewed, next === undefined ? 'when it is needed' : next <= 0 ? 'now' : `in ${duration(next)}`);
  const button = actions.firstChild;
  const pending = each.status === 'pending';
  text(button, pending ? 'Approve…' : 'Refresh…');
  attribute(button, 'aria-label', `${pending ? 'Approve' : 'Refresh'} ${each.app} at ${each.resource}`);
  button.onclick = () => (pending ? approve(each) : refresh(each));
  permit(button);
}

function refresh(each) {
  askFirst({
    title: `Refresh ${each.resource}?`,
    words: `A new token for the app ${each.app} is asked of HighLevel now, and kept before it is used. Requests go on meanwhile.`,
    verb: 'Refresh',
    act: async () => {
      const fresh = await post(`admin/v1/installations/${place(each.app, each.resource)}/refresh`);
      return `${each.resource} has a new token, until ${moment(Date.parse(fresh.expires), Date.now())}.`;
    },
  });
}

function approve(each) {
  askFirst({
    title: `Approve ${each.resource}?`,
    words: `Whoever installed the app ${each.app} there began it in HighLevel’s Marketplace, and is not known here. Once approved it is a tenant, on all replicas.`,
    verb: 'Approve',
    act: async () => {
      await post(`admin/v1/installations/${place(each.app, each.resource)}/approve`);
      return `${each.resource} is approved.`;
    },
  });
}
