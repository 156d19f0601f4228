import { attribute, badge, bar, byId, el, keyed, row, set, text } from './dom.js';
import { askFirst, permit } from './dialogs.js';
import { cause, duration, moment, number, percent } from './format.js';
import { nameOf, shares } from './overview.js';
import { get, place, post } from './session.js';

const KINDS = { none: 'ok', window: 'busy', day: 'bad', hold: 'warn', pace: 'warn', degraded: 'bad' };
const SORT_EVERY = 10_000;
/** So many are shown with those that are idle; of more, these are folded away. */
const FEW = 6;
/** Of those that need nobody, the rest is folded away, so that what comes below them is not out of sight. */
const BUSIEST = 10;
const LOOK_EVERY = 2000;
let order = new Map();
let sortedFor = '';
let sortedAt = 0;

const keyOf = (quota) => `${quota.app} ${quota.resource}`;

const isIdle = (quota) => !isLooked(quota) && quota.cause === 'none' && quota.sends.minute === 0 && quota.waiting === 0;

/** What was looked up, and is asked again while it is: it may be none of those that the feed tells. */
let looked = [];
let lookUps = 0;

export function openLookUp() {
  byId('look-up').addEventListener('submit', (event) => {
    event.preventDefault();
    lookUp();
  });
  byId('of').addEventListener('input', () => byId('of').value === '' && lookUp());
  setInterval(() => looked.length > 0 && lookUp(), LOOK_EVERY);
}

async function lookUp() {
  const name = byId('of').value.trim();
  const asked = ++lookUps;
  if (name === '') {
    looked = [];
    text(byId('of-problem'), '');
    return;
  }
  try {
    const found = (await get(`admin/v1/budgets?of=${encodeURIComponent(name)}`)).budgets;
    if (asked !== lookUps) {
      return; // something else is sought by now
    }
    looked = found;
    text(byId('of-problem'), looked.length > 0 ? '' : `No tenant is called ${name}, and none is at such a location or company.`);
  } catch (failure) {
    if (asked === lookUps) {
      looked = failure.status === 401 ? [] : looked; // not to be asked on without a key
      text(byId('of-problem'), failure.message);
    }
  }
}

/** Those of the feed, and what was looked up. */
function withLooked(quotas) {
  const known = new Set(quotas.map(keyOf));
  return [...quotas, ...looked.filter((quota) => !known.has(keyOf(quota)))];
}

const isLooked = (quota) => looked.some((each) => keyOf(each) === keyOf(quota));

export function showQuotas(now) {
  const { tenants } = now;
  const quotas = withLooked(now.quotas);
  sort(quotas, now);
  const away = folded(quotas);
  showIdle(quotas, away);
  keyed(byId('quotas'), quotas, keyOf, makeRow, (node, quota) => updateRow(node, quota, now, away.has(keyOf(quota))));
  set(byId('quotas').parentElement, 'hidden', quotas.length === 0);
  set(byId('quotas-empty'), 'hidden', quotas.length > 0);
  text(byId('quotas-note'), now.quotas.length < tenants ? `The ${number(now.quotas.length)} that are used, waited for or refused most, of ${number(tenants)} tenants.` : '');
}

const needsSomebody = (quota) => isLooked(quota) || quota.cause === 'day' || quota.cause === 'hold';

/** Those that are idle, and those that come after the busiest; in the order in which they are shown. */
function folded(quotas) {
  const calm = quotas.filter((quota) => !needsSomebody(quota));
  return new Set([...calm.filter(isIdle), ...calm.slice(BUSIEST)].map(keyOf));
}

function showIdle(quotas, away) {
  const button = byId('idle');
  const isMore = away.size > quotas.filter(isIdle).length;
  const folds = quotas.length > FEW && away.size > 0 && away.size < quotas.length;
  set(button, 'hidden', !folds);
  const open = button.getAttribute('aria-expanded') === 'true';
  set(byId('quotas').parentElement, 'className', `cards quotas${folds && !open ? ' folded' : ''}`);
  const words = isMore ? `${number(away.size)} more` : `${number(away.size)} idle ${away.size === 1 ? 'one' : 'ones'}`;
  text(button, open ? `Hide ${isMore ? 'all but the busiest' : 'the idle ones'}` : `Show ${words}`);
  button.onclick = () => {
    attribute(button, 'aria-expanded', !open);
    showIdle(quotas, away);
  };
}

/** Those first that need somebody; then the busiest. In the same order for a while, and as long as somebody is at a row. */
function sort(quotas, now) {
  const table = byId('quotas');
  const isUsed = table.contains(document.activeElement) || table.matches(':hover');
  const sought = looked.map(keyOf).join();
  const isNew = sought !== sortedFor || quotas.some((quota) => !order.has(keyOf(quota)));
  if (isNew || (!isUsed && Date.parse(now.at) - sortedAt > SORT_EVERY)) {
    const trouble = (quota) => (isLooked(quota) ? 4 : quota.cause === 'day' ? 3 : quota.cause === 'hold' ? 2 : quota.waiting > 0 ? 1 : 0);
    const sorted = [...quotas].sort((one, other) => trouble(other) - trouble(one)
      || other.sends.minute - one.sends.minute
      || other.sends.day - one.sends.day
      || keyOf(one).localeCompare(keyOf(other)));
    order = new Map(sorted.map((quota, i) => [keyOf(quota), i]));
    sortedAt = Date.parse(now.at);
    sortedFor = sought;
  }
  quotas.sort((one, other) => order.get(keyOf(one)) - order.get(keyOf(other)));
}

/** Who a quota belongs to, with HighLevel's own id. */
export function who(node, quota) {
  const name = nameOf(quota);
  const id = quota.resource.slice(quota.resource.indexOf(':') + 1);
  const more = quota.tenants.length > 1 ? ` and ${quota.tenants.length - 1} more` : '';
  if (!node.firstChild) {
    node.append(el('span', { className: 'name' }), el('span', { className: 'id' }));
  }
  text(node.firstChild, name + more);
  text(node.lastChild, name === id ? `${quota.app} · ${quota.resource.split(':')[0]}` : `${quota.app} · ${quota.resource}`);
  attribute(node, 'title', quota.tenants.join(', '));
}

function makeRow() {
  const node = row(['', 'State', 'Short window used', 'Day used', 'Used by', '']);
  const [, state, burst, day, used, actions] = node.cells;
  state.append(badge('', ''), el('p', { className: 'words' }));
  burst.append(bar('Short window used'));
  day.append(bar('Day used'));
  used.append(el('p', { className: 'who' }), el('p', { className: 'words' }));
  actions.className = 'actions';
  actions.append(el('button', { type: 'button' }));
  return node;
}

function updateRow(node, quota, now, isAway) {
  const [name, state, burst, day, used, actions] = node.cells;
  who(name, quota);
  const idle = isIdle(quota);
  set(node, 'className', isAway ? 'away' : isLooked(quota) ? 'looked' : '');
  set(state.firstChild, 'className', `badge ${idle ? '' : KINDS[quota.cause] ?? 'warn'}`);
  text(state.firstChild, idle ? 'idle' : cause(quota.cause));
  text(state.lastChild, stateWords(quota, Date.parse(now.at)));
  showWindow(burst.firstChild, quota);
  showDay(day.firstChild, quota);
  showUsers(used, quota, now);
  const paused = quota['held-ms'] > 0;
  const button = actions.firstChild;
  text(button, paused ? 'Resume…' : 'Pause…');
  attribute(button, 'aria-label', `${paused ? 'Resume' : 'Pause'} ${nameOf(quota)}`);
  button.onclick = () => (paused ? resume(quota) : pause(quota));
  permit(button);
}

function stateWords(quota, now) {
  const waiting = quota.waiting > 0 ? `, ${number(quota.waiting)} waiting` : '';
  const next = quota['next-in-ms'];
  if (quota.cause === 'none') {
    return waiting.slice(2);
  }
  return `next ${next < 100 ? 'at once' : `in ${duration(next)}`}${next > 600_000 ? ` (${moment(now + next, now)})` : ''}${waiting}`;
}

function showWindow(node, quota) {
  const all = quota.limit.requests;
  const used = all - Math.min(all, quota.burst?.left ?? quota.free);
  const others = quota['left-to-others'] > 0 ? `, ${number(quota['left-to-others'])} left to others` : '';
  node.show(used / all, `${number(used)} of ${number(all)} in ${duration(quota.limit['per-ms']).replace('.0', '')}${others}`);
}

function showDay(node, quota) {
  const all = quota.limit.daily;
  const left = quota.day?.left;
  if (left === undefined) {
    node.show(0, `${number(all)} a day`);
    return;
  }
  const used = all - Math.min(all, left);
  const lasts = !(quota['day-lasts-ms'] < 86_400_000) || left === 0 ? '' : `, lasts ${duration(quota['day-lasts-ms'])}`;
  node.show(used / all, `${number(used)} of ${number(all)}${lasts}`, left === 0 ? 'bad' : used / all > 0.9 ? 'warn' : '');
}

function showUsers(cell, quota, { traffic }) {
  const { all, callers, when } = shares(quota);
  const [who, words] = cell.children;
  keyed(who, callers.slice(0, 3), (caller) => caller.name, makePart, (node, caller) => {
    text(node.lastChild, percent(caller.part));
  });
  const room = (quota.limit.requests * traffic['minute-ms']) / quota.limit['per-ms'];
  const part = when.endsWith('minute') && room > 0 ? `, ${percent(Math.min(1, all / room))} of the quota` : '';
  text(words, all === 0 ? 'nobody in the last 24 h' : `${number(all)} sent ${when}${part}`);
}

function makePart({ name }) {
  return el('span', { className: 'part' }, el('span', { className: 'cut', title: name }, name), ' ', el('span'));
}

function pause(quota) {
  const lengths = [[600, '10 minutes'], [3600, 'an hour'], [86400, 'a day']];
  const choice = el('select', { id: 'pause-for' }, ...lengths.map(([seconds, words]) => el('option', { value: seconds }, words)));
  choice.value = 3600;
  askFirst({
    title: `Pause ${nameOf(quota)}?`,
    words: 'No replica sends anything for this quota meanwhile. Who cannot wait for so long is refused with the true time; resuming ends it early.',
    more: [el('label', { htmlFor: 'pause-for' }, 'For'), choice],
    verb: 'Pause',
    act: async () => {
      await post(`admin/v1/budgets/${place(quota.app, quota.resource)}/pause`, { seconds: Number(choice.value) });
      return `${nameOf(quota)} is paused.`;
    },
  });
}

function resume(quota) {
  askFirst({
    title: `Resume ${nameOf(quota)}?`,
    words: 'What waits is sent at once, as far as the quota allows. If it rests after a 429 of HighLevel’s, another may follow.',
    verb: 'Resume',
    act: async () => {
      await post(`admin/v1/budgets/${place(quota.app, quota.resource)}/resume`);
      return `${nameOf(quota)} goes on.`;
    },
  });
}

export function showLines(now) {
  const lines = now.quotas.filter((quota) => quota.waiting > 0).sort((one, other) => other.line['wait-ms'] - one.line['wait-ms']);
  keyed(byId('lines'), lines, keyOf, () => row(['', 'Waiting', 'Who', 'Newcomers wait']), (node, quota) => {
    const [name, waiting, callers, wait] = node.cells;
    who(name, quota);
    text(waiting, number(quota.waiting));
    text(callers, quota.line.callers.map((caller) => `${caller.name} ${number(caller.waiting)}`).join(', ') || 'in their turn already');
    text(wait, `${duration(quota.line['wait-ms'])} (${cause(quota.line.cause)})`);
  });
  set(byId('lines').parentElement, 'hidden', lines.length === 0);
  set(byId('lines-empty'), 'hidden', lines.length > 0);
}
