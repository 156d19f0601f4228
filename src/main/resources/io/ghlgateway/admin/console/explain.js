import { badge, byId, el, keyed } from './dom.js';
import { cause, duration, moment, number } from './format.js';
import { get } from './session.js';

export function openExplain() {
  byId('explain').addEventListener('submit', (event) => {
    event.preventDefault();
    explain();
  });
}

/** Names that were seen are offered. */
export function offer({ quotas }) {
  const callers = new Set(quotas.flatMap((quota) => quota.callers.map((caller) => caller.name)));
  const tenants = new Set(quotas.flatMap((quota) => quota.tenants));
  options(byId('callers'), callers);
  options(byId('tenants'), tenants);
}

function options(list, names) {
  keyed(list, [...names].sort(), (name) => name, (name) => el('option', { value: name }), () => {});
}

async function explain() {
  const query = new URLSearchParams();
  const fields = { method: 'x-method', path: 'x-path', caller: 'x-caller', tenant: 'x-tenant', app: 'x-app', urgency: 'x-urgency', wait: 'x-wait' };
  for (const [name, id] of Object.entries(fields)) {
    const value = byId(id).value.trim();
    if (value !== '') {
      query.set(name, value);
    }
  }
  try {
    show(await get(`admin/v1/explain?${query}`));
  } catch (failure) {
    byId('explained').replaceChildren(el('p', { className: 'problem' }, failure.message));
  }
}

function show(answer) {
  const facts = [
    ['Operation', `${answer.route.operation}${answer.route.known ? '' : ' (not in the catalogue)'}, Version ${answer.route.version}`],
    answer.tenant && ['Tenant', `${answer.tenant.id}: ${answer.tenant.app} · ${answer.tenant.resource}, named by ${answer.tenant['named-by'].join(', ')}`],
    answer.credential && ['Credential', credential(answer.credential)],
    answer.budget && ['Quota', answer.budget.windows.map(left).join('; ')],
    answer.queue && ['Its turn', turn(answer.queue)],
  ].filter(Boolean);
  byId('explained').replaceChildren(
    verdict(answer),
    el('dl', { className: 'facts' }, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
  );
}

function verdict({ outcome, refusal, queue }) {
  if (outcome === 'refused') {
    const again = refusal['retry-after-ms'] === undefined ? '' : ` Again ${at(refusal['retry-after-ms'])}.`;
    return el('p', { className: 'verdict' }, badge('bad', `refused: ${refusal.code} ${refusal.status}`), ` ${refusal.detail.replace(/[.]?$/, '.')}${again}`);
  }
  return outcome === 'waits'
    ? el('p', { className: 'verdict' }, badge('busy', `waits ${duration(queue['wait-ms'])}`), ` for: ${cause(queue.cause)}.`)
    : el('p', { className: 'verdict' }, badge('ok', 'sent at once'));
}

const LONG = 600_000;

const at = (millis) => `in ${duration(millis)}${millis > LONG ? ` (${moment(Date.now() + millis, Date.now())})` : ''}`;

function credential({ kind, whose, health, expires }) {
  const now = Date.now();
  const end = expires ? `, until ${moment(Date.parse(expires), now)}` : '';
  return `${health}${kind ? `, ${kind}` : ''}: ${whose}${end}`;
}

/** The gateway's own names of windows, as they stand in RateLimit fields, in words. */
function windowName(name, per) {
  const known = { burst: 'short window', day: 'day' }[name];
  return known ?? `${name.replace(/ \d+ms$/, '')} in ${duration(per)}`;
}

function left({ name, requests, left: rest, 'per-ms': per, 'full-in-ms': full }) {
  const back = full > 0 ? `, all back ${at(full)}` : '';
  return `${windowName(name, per)}: ${rest === undefined ? '' : `${number(rest)} left of `}${number(requests)}${back}`;
}

function turn({ position, waiting, 'patience-ms': patience, urgency }) {
  return `${position === 1 ? 'next' : `at place ${number(position)}`}, with ${number(waiting)} waiting now; urgency ${urgency}, patience ${duration(patience)}`;
}
