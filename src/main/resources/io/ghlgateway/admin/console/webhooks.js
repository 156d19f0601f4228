import { attribute, byId, el, keyed, row, set, text } from './dom.js';
import { askFirst, permit } from './dialogs.js';
import { duration, moment, number } from './format.js';
import { get, post } from './session.js';

const MOST_LETTERS = 50;

export function showWebhooks({ webhooks, at }) {
  const now = Date.parse(at);
  const lines = webhooks?.lines ?? [];
  keyed(byId('subscribers'), lines, (line) => line.name, makeRow, (node, line) => updateRow(node, line, now));
  set(byId('subscribers').parentElement, 'hidden', lines.length === 0);
  set(byId('webhooks-empty'), 'hidden', lines.length > 0);
  text(byId('webhooks-note'), webhooks ? summary(webhooks, lines) : '');
}

function summary({ received, subscribers }, lines) {
  const outcomes = Object.entries(received).map(([outcome, count]) => `${number(count)} ${outcome.replaceAll('_', ' ')}`).join(', ');
  const more = subscribers > lines.length ? ` ${number(lines.length)} of ${number(subscribers)} lines are shown.` : '';
  return `Since the start: ${outcomes || 'none came'}.${more}`;
}

function makeRow() {
  const node = row(['', 'Waiting', 'Delivered', 'Dead', '']);
  const [name, , , , actions] = node.cells;
  name.append(el('span', { className: 'name' }), el('p', { className: 'words' }));
  actions.className = 'actions';
  actions.append(el('button', { type: 'button' }, 'Dead letters…'));
  return node;
}

function updateRow(node, line, now) {
  const [name, waiting, delivered, dead, actions] = node.cells;
  text(name.firstChild, line.name);
  text(name.lastChild, line.own ? 'the gateway itself: installs and the like' : '');
  const since = line.oldest ? `, for ${duration(now - Date.parse(line.oldest))}` : '';
  text(waiting, line.unreachable ? 'cannot be asked' : number(line.waiting) + since);
  const { delivered: done = 0, retried = 0 } = line.deliveries;
  text(delivered, retried > 0 ? `${number(done)}, ${number(retried)} retried` : number(done));
  text(dead, line.unreachable ? '' : number(line.dead));
  set(dead, 'className', line.dead > 0 ? 'bad' : '');
  const button = actions.firstChild;
  set(button, 'hidden', !(line.dead > 0));
  attribute(button, 'aria-label', `Dead letters of ${line.name}`);
  button.onclick = () => openLetters(line.name);
}

async function openLetters(name) {
  const dialog = byId('letters');
  text(byId('letters-title'), `Dead letters of ${name}`);
  text(byId('letters-problem'), '');
  byId('letters-rows').replaceChildren();
  byId('letters-close').onclick = () => dialog.close();
  const all = byId('letters-all');
  permit(all);
  all.onclick = () => replay(name, undefined, 'all of them');
  dialog.showModal();
  await load(name);
}

async function load(name) {
  try {
    const { dead } = await get(`admin/v1/subscribers/${encodeURIComponent(name)}/dead?most=${MOST_LETTERS}`);
    keyed(byId('letters-rows'), dead, (letter) => letter.id, makeLetter, (node, letter) => updateLetter(node, letter, name));
    text(byId('letters-problem'), dead.length === MOST_LETTERS ? `The first ${MOST_LETTERS} are shown.` : dead.length === 0 ? 'There are none any more.' : '');
  } catch (failure) {
    text(byId('letters-problem'), failure.message);
  }
}

function makeLetter() {
  const node = row(['', 'Id', 'Given up', 'Why', '']);
  node.cells[1].className = 'id';
  node.cells[4].className = 'actions';
  node.cells[4].append(el('button', { type: 'button' }, 'Replay…'));
  return node;
}

function updateLetter(node, letter, name) {
  const [type, id, when, why, actions] = node.cells;
  text(type, letter.type);
  text(id, letter.id);
  text(when, `${moment(Date.parse(letter.buried), Date.now())}, ${letter.attempts} attempts`);
  text(why, letter.why);
  const button = actions.firstChild;
  attribute(button, 'aria-label', `Replay ${letter.type} ${letter.id}`);
  button.onclick = () => replay(name, letter.id, `${letter.type} ${letter.id}`);
  permit(button);
}

function replay(name, id, what) {
  askFirst({
    title: 'Replay to ' + name + '?',
    words: `It gets ${what} again, and may have made something of it before: its webhook-id is the same.`,
    verb: 'Replay',
    act: async () => {
      const { replayed } = await post(`admin/v1/subscribers/${encodeURIComponent(name)}/replay`, id === undefined ? {} : { id });
      await load(name);
      return `${number(replayed)} replayed to ${name}.`;
    },
  });
}
