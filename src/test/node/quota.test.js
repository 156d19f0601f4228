'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { GHLRateLimitError } = require('@gohighlevel/api-client');
const { stand } = require('./stand');

/** Now or not at all. */
const IMPATIENT = { Prefer: 'wait=0' };

// Both do little but wait, so they may do so together.
describe('quotas', { concurrency: true }, () => {
  describe("HighLevel's own quota", () => {
    const bed = stand({ max: 100, interval: '10s' }, { acme: 'LocationOfAcme0000001' });

    test('150 calls at once all succeed, though HighLevel takes 100 in 10 seconds', { timeout: 150_000 }, async () => {
      const started = performance.now();

      const answers = await atOnce(150, bed.tenant('acme'));

      assert.deepEqual(
        answers.map(({ value }) => value?.contact.id),
        answers.map((_, number) => `contact${number}`),
      );
      const { accepted, refused } = await bed.stats();
      assert.deepEqual({ accepted, refused }, { accepted: 150, refused: 0 });
      assert.ok(performance.now() - started > 9_000, 'the simulator let more through than its limit');
    });
  });

  describe('a quota that is used up', () => {
    const max = 5;
    const daily = 8;

    // A window that six calls do not outlast on any machine, and that nobody's patience ends before.
    const bed = stand(
      { max, interval: '8s', daily },
      { acme: 'LocationOfAcme0000001', bravo: 'LocationOfBravo000001', spent: 'LocationOfSpent000001' },
    );

    test('refuses who does not want to wait, and the SDK reads why and for how long', async () => {
      const answers = await atOnce(max + 1, bed.tenant('acme', { headers: IMPATIENT }));

      const refusal = onlyRefusal(answers);
      assert.ok(refusal instanceof GHLRateLimitError);
      assert.equal(refusal.statusCode, 429);
      assert.equal(refusal.response.code, 'deadline');
      assert.equal(refusal.message, refusal.response.detail);
      assert.equal(refusal.rateLimit.scope, 'burst');
      assert.equal(refusal.rateLimit.max, max);
      assert.equal(refusal.rateLimit.remaining, 0);
      const { intervalMs } = refusal.rateLimit;
      assert.ok(intervalMs > 0 && intervalMs < 12_000, `${intervalMs} ms`); // 8 s and the guard
      assert.equal((await bed.stats()).refused, 0);
    });

    test("the SDK's own rateLimitRetry sleeps for as long as it was told, and then succeeds", async () => {
      const patient = bed.tenant('bravo', { headers: IMPATIENT, rateLimitRetry: true });
      const slept = sleeps(patient);

      const answers = await atOnce(max + 1, patient);

      assert.deepEqual(answers.map(({ status }) => status), Array(max + 1).fill('fulfilled'));
      assert.ok(slept.length > 0, 'there was no refusal to be honoured');
      slept.forEach((millis) => assert.ok(millis > 0 && millis < 12_000, `${millis} ms`));
      assert.equal(await bed.ended('bravo', 'deadline'), slept.length);
      assert.equal((await bed.stats()).refused, 0);
    });

    test('of the day is not asked for again', async () => {
      const patient = bed.tenant('spent', { rateLimitRetry: true });
      const slept = sleeps(patient);

      const answers = await atOnce(daily + 1, patient);

      const refusal = onlyRefusal(answers);
      assert.ok(refusal instanceof GHLRateLimitError);
      assert.equal(refusal.response.code, 'daily_exhausted');
      assert.equal(refusal.rateLimit.scope, 'daily');
      assert.equal(refusal.rateLimit.dailyRemaining, 0);
      assert.ok(refusal.rateLimit.dailyResetMs > 0);
      assert.deepEqual(slept, []);
      assert.equal((await bed.stats()).refused, 0);
    });
  });
});

function atOnce(calls, ghl) {
  return Promise.allSettled(
    Array.from({ length: calls }, (_, number) => ghl.contacts.getContact({ contactId: `contact${number}` })),
  );
}

function onlyRefusal(answers) {
  const refusals = answers.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  assert.equal(refusals.length, 1);
  return refusals[0];
}

/** How long the SDK sleeps from now on, in milliseconds. It is watched at it, not kept from it. */
function sleeps(ghl) {
  const slept = [];
  const sleep = ghl.sleep.bind(ghl);
  ghl.sleep = (millis) => {
    slept.push(millis);
    return sleep(millis);
  };
  return slept;
}
