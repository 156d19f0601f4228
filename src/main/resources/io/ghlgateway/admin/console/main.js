import { byId, set, text } from './dom.js';
import { rights } from './dialogs.js';
import { showCredentials } from './credentials.js';
import { offer, openExplain } from './explain.js';
import { follow } from './feed.js';
import { clock } from './format.js';
import { showOverview } from './overview.js';
import { openLookUp, showLines, showQuotas } from './quotas.js';
import { showRefusals } from './refusals.js';
import { forget, hasKey, keep } from './session.js';
import { showWebhooks } from './webhooks.js';

const THEME = 'ghl-gateway.theme';
const STALE = 5000;

let following;
let latest;
let drawn;
let seenAt = 0;

/** Drawn when the browser draws: a tab that nobody sees does nothing, and of many that came meanwhile the last counts. */
function draw() {
  drawn = undefined;
  const now = latest;
  document.title = now.waiting > 0 ? `${now.waiting} waiting · GHL Gateway` : 'GHL Gateway';
  show('console');
  showOverview(now);
  showQuotas(now);
  showLines(now);
  showRefusals(now);
  showCredentials(now);
  showWebhooks(now);
  offer(now);
}

function show(id) {
  set(byId('login'), 'hidden', id !== 'login');
  set(byId('console'), 'hidden', id !== 'console');
  set(byId('leave'), 'hidden', !hasKey() || id === 'login');
}

function link(state, words) {
  set(byId('link'), 'className', `link ${state}`);
  text(byId('link'), words);
  document.body.classList.toggle('stale', state !== 'live');
}

/** What is shown is what was: it says so, and of when. */
function lose(why) {
  link('off', `Not live: ${why}`);
  text(byId('as-of'), seenAt > 0 ? `This is what was at ${clock(seenAt)}.` : '');
}

function start() {
  following?.abort();
  following = new AbortController();
  follow(following.signal, {
    session: ({ 'may-change': mayChange, key, replica }) => {
      text(byId('replica'), replica ?? '');
      rights.mayChange = mayChange;
      rights.why = key ? 'This key only shows; changes take the admin key.' : 'Changes take an admin key: set admin.key.';
      set(byId('rights'), 'hidden', mayChange);
      text(byId('rights'), mayChange ? '' : rights.why);
    },
    snapshot: (now) => {
      latest = now;
      seenAt = Date.now();
      link('live', 'Live');
      text(byId('as-of'), '');
      drawn ??= requestAnimationFrame(draw);
    },
    refused: (failure) => {
      cancelAnimationFrame(drawn); // else a tab that nobody saw would draw over the question for the key
      drawn = undefined;
      const wasTried = hasKey();
      forget();
      link('off', 'Locked');
      set(byId('rights'), 'hidden', true);
      show('login');
      text(byId('login-problem'), failure.status === 403 || wasTried ? failure.message : '');
      byId('key').focus();
    },
    broken: lose,
  });
}

function openLogin() {
  byId('login').addEventListener('submit', (event) => {
    event.preventDefault();
    keep(byId('key').value.trim());
    byId('key').value = '';
    text(byId('login-problem'), '');
    start();
  });
  byId('leave').addEventListener('click', () => {
    forget();
    location.reload(); // what was shown goes too
  });
}

function openTheme() {
  const choice = byId('theme');
  const apply = () => {
    if (choice.value === '') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = choice.value;
    }
  };
  choice.value = localStorage.getItem(THEME) ?? '';
  apply();
  choice.addEventListener('change', () => {
    localStorage.setItem(THEME, choice.value);
    apply();
  });
}

setInterval(() => {
  if (seenAt > 0 && Date.now() - seenAt > STALE && byId('link').classList.contains('live')) {
    lose('nothing heard for a while');
  }
}, 1000);

openTheme();
openLogin();
openExplain();
openLookUp();
start();
