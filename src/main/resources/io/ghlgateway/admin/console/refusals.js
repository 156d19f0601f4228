import { bar, byId, el, keyed, row, set, text } from './dom.js';
import { cause, clock, number } from './format.js';

const MOST_REASONS = 8;

const words = ({ code, cause: why }) => (why === '-' ? code : `${code}: ${cause(why)}`);

export function showRefusals({ refusals }) {
  const reasons = refusals.reasons.slice(0, MOST_REASONS);
  const most = Math.max(1, ...reasons.map((reason) => reason.minute));
  keyed(byId('reasons'), reasons, words, makeReason, (node, reason) => {
    const [name, meter] = node.children;
    text(name, words(reason));
    meter.show(reason.minute / most, `${number(reason.minute)} in the last minute, ${number(reason.total)} since the start`);
  });
  set(byId('reasons-empty'), 'hidden', reasons.length > 0);
  set(byId('latest-box'), 'hidden', refusals.latest.length === 0);
  if (byId('latest-box').open) {
    keyed(byId('latest'), refusals.latest, (each) => `${each.at} ${each.caller} ${each.tenant} ${each.route}`, makeLatest, () => {});
  }
}

function makeReason(reason) {
  return el('li', {}, el('span', { className: 'name' }), bar(words(reason)));
}

function makeLatest(each) {
  const node = row(['', 'Why', 'Caller', 'Tenant', 'Operation']);
  const [when, why, caller, tenant, route] = node.cells;
  text(when, clock(Date.parse(each.at)));
  text(why, `${each.status} ${words(each)}`);
  text(caller, each.caller);
  text(tenant, each.tenant);
  text(route, each.route);
  route.className = 'id';
  return node;
}
