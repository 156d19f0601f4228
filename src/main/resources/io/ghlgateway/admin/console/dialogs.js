import { byId, text } from './dom.js';

let leaveSaid;

/** Says once what became of something. */
export function say(words) {
  const said = byId('said');
  text(said, words);
  clearTimeout(leaveSaid);
  leaveSaid = setTimeout(() => text(said, ''), 8000);
}

/**
 * Asks before something is done, and does it: the dialog stays open with the reason where that fails.
 *
 * @param act returns what to say afterwards
 */
export function askFirst({ title, words, verb, more = [], act }) {
  const dialog = byId('ask');
  const yes = byId('ask-yes');
  text(byId('ask-title'), title);
  text(byId('ask-text'), words);
  text(byId('ask-problem'), '');
  byId('ask-more').replaceChildren(...more);
  text(yes, verb);
  yes.disabled = false;
  yes.onclick = async () => {
    yes.disabled = true;
    text(byId('ask-problem'), '');
    try {
      const words = await act();
      dialog.close();
      say(words);
    } catch (failure) {
      text(byId('ask-problem'), failure.message);
      yes.disabled = false;
    }
  };
  byId('ask-no').onclick = () => dialog.close();
  dialog.showModal();
  byId('ask-no').focus();
}

/** Whether the key at hand may change anything; set by what the feed says first. */
export const rights = { mayChange: false, why: '' };

/** A button for an action: one that cannot be done says why. */
export function permit(button) {
  button.disabled = !rights.mayChange;
  button.title = rights.mayChange ? '' : rights.why;
}
