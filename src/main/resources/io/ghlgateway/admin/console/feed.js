import { ask, Refused } from './session.js';

// Server-sent events by fetch and not by EventSource, which cannot send the key in a header.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10000;
/** A snapshot comes every second: after so long without one the connection is dead, though nobody has said so. */
const SILENCE = 15000;

/** Follows the feed until the signal aborts, and comes again when it breaks off or falls silent. */
export async function follow(signal, told) {
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    const watch = silenceWatch();
    try {
      const answer = await ask('admin/v1/live', { signal: AbortSignal.any([signal, watch.signal]) });
      pause = FIRST_PAUSE;
      await read(answer.body, told, watch);
      told.broken('The replica closed the connection.');
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      if (failure instanceof Refused && (failure.status === 401 || failure.status === 403)) {
        told.refused(failure);
        return;
      }
      told.broken(failure instanceof Refused ? failure.message : 'The gateway cannot be reached.');
    } finally {
      watch.end();
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }
}

/** Aborts where nothing is heard for long. */
function silenceWatch() {
  const controller = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENCE);
  };
  heard();
  return { signal: controller.signal, heard, end: () => clearTimeout(timer) };
}

async function read(body, told, watch) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    watch.heard();
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    events.forEach((event) => tell(event, told));
  }
}

function tell(event, told) {
  const lines = event.split('\n');
  const named = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const data = named('data');
  const kind = named('event');
  if (data !== undefined && (kind === 'session' || kind === 'snapshot')) {
    told[kind](JSON.parse(data));
  }
}
