'use strict';

// The jar as processes: started, waited for until they say `ready:`, and ended with the test file that started them,
// however it ends.

const { spawn } = require('node:child_process');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..', '..', '..');
const JAR = path.join(ROOT, 'target', 'ghl-gateway.jar');
const JAVA = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

/** For processes that live for seconds: what is compiled for the long run would only take the tests' time. */
const SHORT_LIVED = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

// Bounds for what hangs, not for what is slow: a busy machine takes half a minute for what an idle one does in two seconds.
const READY_WITHIN = 150_000;
const END_WITHIN = 10_000;
const LOG_KEPT = 4_000;

// No test file takes nearly as long; one that does has hung, and its processes must not outlive it.
const LIFETIME = 900_000;

const running = new Set();

const killAll = () => running.forEach((child) => child.kill('SIGKILL'));
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => process.exit(1)); // which kills them
}
setTimeout(() => process.exit(1), LIFETIME).unref();

// A test runner that is killed tells its test files nothing.
const runner = process.ppid;
setInterval(() => process.ppid === runner || process.exit(1), 500).unref();

/**
 * Starts the jar.
 *
 * @param {string[]} args what to run
 * @param {string} cwd the directory to run it in
 * @returns {Promise<{urls: object, stop: () => Promise<void>}>} its addresses by name, as its `ready:` line gives them
 */
function start(args, cwd) {
  const child = spawn(JAVA, [...SHORT_LIVED, '-jar', JAR, ...args], {
    cwd,
    env: withoutSettings(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const gone = new Promise((resolve) => {
    child.once('error', resolve); // it could not be started
    child.once('close', resolve);
  }).finally(() => running.delete(child));

  let out = '';
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-LOG_KEPT)));
  const ready = new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out = (out + text).slice(-LOG_KEPT);
      const line = out.match(/^ready: (.*)\n/m);
      if (line) {
        resolve(Object.fromEntries(line[1].split(' ').map((pair) => pair.split(/=(.*)/, 2))));
      }
    });
  });
  const stop = () => end(child, gone);
  const fail = async (reason) => {
    await stop();
    throw new Error(`java -jar ${JAR} ${args.join(' ')}: ${reason}\n${out}${log}`);
  };
  return Promise.race([
    ready.then((urls) => ({ urls, stop })),
    gone.then((why) => fail(why instanceof Error ? why.message : 'ended before it was ready')),
    after(READY_WITHIN).then(() => fail('was not ready in time')),
  ]);
}

async function end(child, gone) {
  child.kill('SIGTERM');
  await Promise.race([gone, after(END_WITHIN)]);
  child.kill('SIGKILL'); // does nothing to one that has gone
  await gone;
}

/** The developer's own GHL_… variables must not configure the gateway under test. */
function withoutSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GHL_')));
}

function after(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis).unref());
}

module.exports = { start, ROOT };
