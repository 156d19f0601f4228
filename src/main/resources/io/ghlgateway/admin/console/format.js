/** So that a unit stays with its number. */
const NBSP = '\u00a0';

const NUMBER = new Intl.NumberFormat('en');
const CLOCK = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', hour12: false });
const CLOCK_TO_THE_SECOND = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const DAY = new Intl.DateTimeFormat([], { weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false });

const DATE = new Intl.DateTimeFormat([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const A_DAY = 24 * HOUR;

export const number = (value) => NUMBER.format(value);

export function percent(part) {
  const value = 100 * part;
  return value > 0 && value < 1 ? `<${NBSP}1${NBSP}%` : `${Math.round(value)}${NBSP}%`;
}

/** In the two largest units at most. */
export function duration(millis) {
  const ms = Math.max(0, millis);
  if (ms < 10 * SECOND) {
    return `${(ms / SECOND).toFixed(1)}${NBSP}s`;
  }
  if (ms < MINUTE) {
    return `${Math.round(ms / SECOND)}${NBSP}s`;
  }
  if (ms < 10 * MINUTE) {
    return two(ms, MINUTE, 'min', SECOND, 's');
  }
  if (ms < HOUR) {
    return `${Math.round(ms / MINUTE)}${NBSP}min`;
  }
  return ms < 2 * A_DAY ? two(ms, HOUR, 'h', MINUTE, 'min') : two(ms, A_DAY, 'd', HOUR, 'h');
}

function two(ms, unit, name, lesser, lesserName) {
  const whole = Math.floor(ms / unit);
  const rest = Math.floor((ms % unit) / lesser);
  return rest === 0 ? `${whole}${NBSP}${name}` : `${whole}${NBSP}${name} ${rest}${NBSP}${lesserName}`;
}

/** When it is, as somebody beside you would say it. */
export function moment(instant, now) {
  const far = Math.abs(instant - now);
  return (far > 6 * A_DAY ? DATE : far > 20 * HOUR ? DAY : CLOCK).format(instant);
}

export const clock = (instant) => CLOCK_TO_THE_SECOND.format(instant);

/** What a request waits for or was refused for, in an operator's words. */
export const CAUSES = {
  none: 'free',
  window: 'short window full',
  day: 'day used up',
  route: 'endpoint limit reached',
  hold: 'resting',
  pace: 'slowed after 429s',
  'caller-share': 'caller had its part',
  'queue-full': 'no room to wait',
  deadline: 'patience ended',
  upstream: 'HighLevel failed',
  degraded: 'shared budgets away',
};

export const cause = (wire) => CAUSES[wire] ?? wire;
