import { attribute, byId, el, keyed, set, svg, text } from './dom.js';
import { duration, moment, number, percent } from './format.js';

const HISTORY = 60;
const rates = [];
let before;
let known = new Set();

export function showOverview(now) {
  showHealth(now);
  showTiles(now);
  showAttention(now);
}

function showHealth({ health }) {
  const node = byId('health');
  const kinds = { ok: 'ok', degraded: 'bad', draining: 'warn', starting: 'warn' };
  set(node, 'hidden', false);
  set(node, 'className', `badge ${kinds[health.status] ?? 'warn'}`);
  text(node, health.status);
}

const OURS_NOT = new Set(['ok', 'broken', 'caller_gone']);
const isRefusal = (outcome) => !OURS_NOT.has(outcome) && !outcome.startsWith('upstream_4') && outcome !== 'upstream_5xx';

const sum = (counts, field) => counts.reduce((all, count) => all + count[field], 0);

function showTiles(now) {
  const { traffic, waiting, quotas } = now;
  const answers = Object.values(traffic.answers);
  const refused = Object.entries(traffic.answers).filter(([outcome]) => isRefusal(outcome)).map(([, count]) => count);
  const rate = answeredASecond(now, sum(answers, 'total'));
  const spending = quotas.filter((quota) => quota.sends.minute > 0);
  const room = spending.reduce((all, quota) => all + (quota.limit.requests * traffic['minute-ms']) / quota.limit['per-ms'], 0);
  const used = room === 0 ? 0 : Math.min(1, spending.reduce((all, quota) => all + quota.sends.minute, 0) / room);
  const full = quotas.filter((quota) => quota.free === 0).length;
  const waits = traffic.waits;
  const tiles = [
    {
      name: 'Answers',
      value: `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} / s`,
      note: `${number(sum(answers, 'minute'))} in the last minute`,
      line: rates,
    },
    {
      name: 'Waiting',
      value: number(waiting),
      note: waits.answers === 0 ? 'none sent in the last minute' : `half under ${duration(waits['median-ms'])}, ${percent(0.99)} under ${duration(waits['p99-ms'])}`,
    },
    {
      name: 'Quota used',
      value: percent(used),
      note: spending.length === 0 ? 'nothing spent in the last minute' : `${quotas.length < now.tenants ? `of the ${spending.length} busiest` : `of ${spending.length} in use`}; ${full} full now`,
    },
    {
      name: 'Upstream 429s',
      value: number(traffic['upstream-429'].minute),
      note: `in the last minute; ${number(traffic['upstream-429'].total)} since the start`,
      kind: traffic['upstream-429'].minute > 0 ? 'bad' : '',
    },
    {
      name: 'Refused here',
      value: number(sum(refused, 'minute')),
      note: `in the last minute; ${number(sum(refused, 'total'))} since the start`,
    },
  ];
  keyed(byId('tiles'), tiles, (tile) => tile.name, makeTile, updateTile);
}

function makeTile(tile) {
  const node = el('div', { className: 'tile' }, el('dt', {}, tile.name), el('dd', { className: 'value' }), el('dd', { className: 'note' }));
  if (tile.line) {
    const drawing = svg('svg', { viewBox: `0 0 ${HISTORY - 1} 20`, preserveAspectRatio: 'none', class: 'spark', 'aria-hidden': 'true' });
    drawing.append(svg('polyline', { points: '' }));
    node.append(el('dd', {}, drawing));
  }
  return node;
}

function updateTile(node, tile) {
  set(node, 'className', `tile ${tile.kind ?? ''}`);
  text(node.querySelector('.value'), tile.value);
  text(node.querySelector('.note'), tile.note);
  if (tile.line) {
    const most = Math.max(1, ...tile.line);
    const points = tile.line.map((value, i) => `${HISTORY - tile.line.length + i},${(19 - (18 * value) / most).toFixed(1)}`);
    attribute(node.querySelector('polyline'), 'points', points.join(' '));
  }
}

function answeredASecond(now, total) {
  const at = Date.parse(now.at);
  const same = before && before.since === now.since && at > before.at;
  const rate = same ? Math.max(0, (1000 * (total - before.total)) / (at - before.at)) : 0;
  if (same) {
    rates.push(rate);
    rates.splice(0, rates.length - HISTORY);
  }
  before = { since: now.since, at, total };
  const lately = rates.slice(-5);
  return lately.length === 0 ? 0 : lately.reduce((all, one) => all + one, 0) / lately.length;
}

export const nameOf = (quota) => quota.tenants[0] ?? quota.resource;

/** Callers by their part of what was sent, of the day where that is what counts, and else of the last minute. */
export function shares(quota) {
  const field = quota.cause === 'day' || quota.sends.minute === 0 ? 'day' : 'minute';
  const all = quota.sends[field];
  const callers = quota.callers
    .filter((caller) => caller[field] > 0)
    .sort((one, other) => other[field] - one[field])
    .map((caller) => ({ name: caller.name, part: caller[field] / all }));
  return { all, callers, field, when: field === 'day' ? 'in the last 24 h' : 'in the last minute' };
}

/** Where this replica sent less than is gone, somebody else did: other replicas, others, or itself before its start. */
function users(quota) {
  const { all, callers, field } = shares(quota);
  if (callers.length === 0) {
    return '';
  }
  const gone = field === 'day' && quota.day ? quota.limit.daily - quota.day.left : 0;
  const here = all < 0.9 * gone ? ` Of ${number(gone)} that are gone this replica sent ${number(all)}.` : '';
  return ` Used by ${callers.slice(0, 3).map((caller) => `${caller.name} (${percent(caller.part)})`).join(', ')}.${here}`;
}

function showAttention(now) {
  const all = [...ofHealth(now), ...ofQuotas(now), ...ofCredentials(now), ...ofWebhooks(now)];
  const notes = [...all.filter((note) => note.kind === 'bad'), ...all.filter((note) => note.kind !== 'bad')];
  keyed(byId('attention'), notes, (note) => note.key, () => el('li', {}, el('strong'), el('span')), (node, note) => {
    set(node, 'className', note.kind);
    text(node.firstChild, note.what);
    text(node.lastChild, ` ${note.more}`);
  });
  set(byId('calm'), 'hidden', notes.length > 0);
  text(byId('expires'), nextToExpire(now));
  announce(notes);
}

/** What is new is told to those who cannot see it; what only goes on, or counts down, is not. */
function announce(notes) {
  const fresh = notes.filter((note) => !known.has(note.key));
  known = new Set(notes.map((note) => note.key));
  if (fresh.length > 0) {
    text(byId('announced'), fresh.slice(0, 3).map((note) => note.what).join(' '));
  }
}

function ofHealth({ health, traffic, 'egress-held-ms': held }) {
  const notes = [];
  if (health.status === 'degraded') {
    notes.push({ key: 'degraded', kind: 'bad', what: 'Redis is lost.', more: 'This replica goes on with a share of each quota until it is back.' });
  }
  if (health.status === 'draining') {
    notes.push({ key: 'draining', kind: 'warn', what: 'This replica is going away.', more: 'What is under way may end.' });
  }
  if (health.status === 'starting') {
    notes.push({ key: 'starting', kind: 'warn', what: 'Starting.', more: health.reason ?? '' });
  }
  if (held > 0) {
    notes.push({ key: 'egress', kind: 'bad', what: 'Nothing is sent to HighLevel.', more: `Its edge barred this address, or an operator paused all; ${duration(held)} to go.` });
  }
  if (traffic['upstream-429'].minute > 0) {
    notes.push({ key: '429', kind: 'warn', what: 'HighLevel answered 429.', more: `${number(traffic['upstream-429'].minute)} in the last minute: somebody else spends the same quota, or this machine is too busy to send in time.` });
  }
  (health.warnings ?? []).forEach((warning) => notes.push({ key: warning, kind: 'warn', what: 'Check:', more: warning }));
  return notes;
}

/** So many that are used up have a note each, and the others one together. */
const FEW = 5;
/** The feed tells of no more that give nothing, unless they are among the busiest or the most refused. */
const MOST_TOLD = 20;

function ofQuotas({ quotas, at }) {
  const now = Date.parse(at);
  const notes = [];
  const out = quotas.filter((quota) => quota.cause === 'day');
  const others = new Set(out.length > FEW + 1 ? out.slice(FEW) : []);
  for (const quota of quotas) {
    const name = nameOf(quota);
    const back = quota['next-in-ms'];
    const when = `back in ${duration(back)}${back > 60_000 ? ` (${moment(now + back, now)})` : ''}.`;
    const backFirst = quota['day-lasts-ms'] >= quota.day?.['full-in-ms'];
    if (quota.cause === 'day' && !others.has(quota)) {
      notes.push({ key: `day ${quota.app} ${quota.resource}`, kind: 'bad', what: `${name}: the day’s quota is used up,`, more: `${when}${users(quota)}` });
    } else if (quota.cause === 'hold') {
      notes.push({ key: `hold ${quota.app} ${quota.resource}`, kind: 'warn', what: `${name} rests after a 429 or a pause,`, more: when });
    } else if (quota.cause !== 'day' && quota['day-lasts-ms'] < 3_600_000 && !backFirst) {
      notes.push({ key: `lasts ${quota.app} ${quota.resource}`, kind: 'warn', what: `${name}: the day’s quota ends soon,`, more: `in ${duration(quota['day-lasts-ms'])} at this rate.${users(quota)}` });
    }
    if (quota.credential && quota.credential.health === 'refused') {
      notes.push({ key: `token ${quota.app} ${quota.resource}`, kind: 'bad', what: `${name}: HighLevel refuses its token.`, more: 'It was rotated or deleted there; configure the new one.' });
    }
  }
  if (others.size > 0) {
    const more = out.length >= MOST_TOLD ? ' There may be more: GET /admin/v1/budgets has all.' : '';
    notes.push({ key: 'days', kind: 'bad', what: `${number(others.size)} more are used up for the day:`, more: `${[...others].map(nameOf).join(', ')}.${more}` });
  }
  return notes;
}

function ofCredentials({ credentials }) {
  if (!credentials) {
    return [];
  }
  const { lost = 0, paused = 0, pending = 0 } = credentials.statuses;
  const names = (status) => credentials.first.filter((each) => each.status === status).slice(0, 3).map((each) => each.resource).join(', ');
  return [
    lost && { key: 'lost', kind: 'bad', what: `${number(lost)} lost ${lost === 1 ? 'credential' : 'credentials'}.`, more: `${lost === 1 ? 'Its customer' : 'Their customers'} must install the app again: ${names('lost')}.` },
    credentials.ended && { key: 'ended', kind: 'warn', what: `${number(credentials.ended)} ended ${credentials.ended === 1 ? 'credential' : 'credentials'},`, more: 'to be renewed with the next request.' },
    paused && { key: 'paused', kind: 'warn', what: `${number(paused)} paused ${paused === 1 ? 'location' : 'locations'}.`, more: `HighLevel says that they are not active: ${names('paused')}.` },
    pending && { key: 'pending', kind: 'warn', what: `${number(pending)} to approve.`, more: `Installed from the Marketplace by somebody unknown: ${names('pending')}.` },
    credentials.unkept && { key: 'unkept', kind: 'bad', what: `${number(credentials.unkept)} not kept yet.`, more: 'New tokens cannot be written where they must be; this is tried again.' },
  ].filter(Boolean);
}

function ofWebhooks({ webhooks }) {
  const dead = (webhooks?.lines ?? []).filter((line) => line.dead > 0);
  const away = (webhooks?.lines ?? []).filter((line) => line.unreachable);
  return [
    dead.length > 0 && { key: 'dead', kind: 'warn', what: `${number(sum(dead, 'dead'))} dead ${sum(dead, 'dead') === 1 ? 'letter' : 'letters'}.`, more: `Not taken by ${dead.slice(0, 3).map((line) => line.name).join(', ')}.` },
    away.length > 0 && { key: 'queue', kind: 'bad', what: 'The queue of webhooks cannot be asked.', more: '' },
  ].filter(Boolean);
}

function nextToExpire({ credentials, at }) {
  const now = Date.parse(at);
  const next = credentials?.next;
  if (!next) {
    return '';
  }
  const end = Date.parse(next.expires);
  const renewed = next.renews ? Math.max(0, Date.parse(next.renews) - now) : undefined;
  const renewal = renewed === undefined ? '' : renewed === 0 ? '; it is being renewed' : `; renewed in ${duration(renewed)}`;
  return `Expires next: ${next.app} at ${next.resource}, in ${duration(end - now)} (${moment(end, now)})${renewal}.`;
}
