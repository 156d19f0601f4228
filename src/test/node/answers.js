'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const {
  GHLAuthenticationError,
  GHLForbiddenError,
  GHLNotFoundError,
  GHLServerError,
  GHLValidationError,
} = require('@gohighlevel/api-client');
const { bed, LOCATIONS } = require('./plenty');
const { token } = require('./stand');

const { acme: ACME, bravo: BRAVO } = LOCATIONS;

describe('what HighLevel receives', () => {
  test("is the SDK's request with the tenant's token in place of the gateway's key", async () => {
    const body = { locationId: ACME, note: 'kept as it is' };

    const { data } = await bed.tenant('acme').getHttpClient().post('/simulate/echo?b=2&a=1', body);

    const headers = new Map(data.headers.map(([name, value]) => [name.toLowerCase(), value]));
    assert.deepEqual([data.method, data.uri], ['POST', '/simulate/echo?b=2&a=1']);
    assert.equal(data.body, JSON.stringify(body));
    assert.equal(headers.get('authorization'), `Bearer ${token('acme')}`);
    assert.equal(headers.get('x-sdk-version'), '3.1.0');
    assert.equal(headers.get('content-type'), 'application/json');
    assert.match(headers.get('user-agent'), /^ghl-gateway\//);
  });

  test('has the Version that the SDK chose, or was told to choose', async () => {
    const version = async (options) => {
      const { data } = await bed.tenant('acme', options).getHttpClient().get('/simulate/echo');
      return data.headers.filter(([name]) => name.toLowerCase() === 'version').map(([, value]) => value);
    };

    assert.deepEqual(await version({}), ['2023-02-21']); // its default
    assert.deepEqual(await version({ apiVersion: '2021-04-15' }), ['2021-04-15']);
  });
});

describe("a refusal reaches the SDK's user as the SDK's own error", () => {
  test('401: a key that nobody has', async () => {
    const refusal = await refused(bed.client('gw_nobody').contacts.getContact({ contactId: 'contact1' }));

    assert.ok(refusal instanceof GHLAuthenticationError);
    assert.equal(refusal.statusCode, 401);
    assert.equal(refusal.response.code, 'unauthorized');
    assert.equal(refusal.message, refusal.response.detail);
  });

  test("403: another's tenant", async () => {
    const { contacts } = bed.tenant('acme', { headers: { locationId: BRAVO } });

    const refusal = await refused(contacts.getContact({ contactId: 'contact1' }));

    assert.ok(refusal instanceof GHLForbiddenError);
    assert.equal(refusal.statusCode, 403);
    assert.equal(refusal.response.code, 'forbidden');
    assert.match(refusal.message, new RegExp(BRAVO));
  });

  test('404: a location that is not configured, and a record that HighLevel does not have', async () => {
    const { contacts } = bed.tenant('acme');
    await contacts.deleteContact({ contactId: 'contact2' });

    const ours = await refused(
      bed.backend({ headers: { locationId: 'LocationOfNobody00001' } }).contacts.getContact({ contactId: 'contact2' }),
    );
    const theirs = await refused(contacts.getContact({ contactId: 'contact2' }));

    assert.ok(ours instanceof GHLNotFoundError);
    assert.equal(ours.response.code, 'tenant_unknown');
    assert.match(ours.message, /LocationOfNobody00001/);
    assert.ok(theirs instanceof GHLNotFoundError);
    assert.equal(theirs.response.code, undefined);
    assert.match(theirs.message, /contact2/);
  });

  test('400: no tenant named where one is needed, and two that differ', async () => {
    const none = await refused(bed.backend().contacts.getContact({ contactId: 'contact1' }));
    const two = await refused(
      bed.backend({ headers: { 'X-Tenant': 'acme', locationId: BRAVO } }).contacts.getContact({ contactId: 'contact1' }),
    );

    assert.ok(none instanceof GHLValidationError);
    assert.equal(none.response.code, 'tenant_required');
    assert.match(none.message, /X-GHL-Location-Id/);
    assert.ok(two instanceof GHLValidationError);
    assert.equal(two.response.code, 'tenant_conflict');
  });

  test('422: what HighLevel finds wrong with a request', async () => {
    const refusal = await refused(bed.tenant('acme').contacts.getContacts({ locationId: ACME, limit: 0 }));

    assert.ok(refusal instanceof GHLValidationError);
    assert.equal(refusal.statusCode, 422);
    assert.match(refusal.message, /limit/);
    assert.equal(refusal.response.code, undefined); // HighLevel's words, not ours
  });

  test('502: a HighLevel that hangs up', async () => {
    await bed.faults({ kind: 'drop', match: { method: 'POST', path: '/contacts/' } });

    const refusal = await refused(bed.tenant('acme').contacts.createContact({ locationId: ACME, firstName: 'Once' }));

    assert.ok(refusal instanceof GHLServerError);
    assert.equal(refusal.statusCode, 502);
    assert.equal(refusal.response.code, 'upstream_unreachable');
    assert.equal(refusal.message, refusal.response.detail);
  });

  test('401: a token that HighLevel has revoked is said to be that, in its own words', async () => {
    await bed.faults({ kind: 'revoke', match: { path: '/contacts/contact3' } });

    const refusal = await refused(bed.tenant('revoked').contacts.getContact({ contactId: 'contact3' }));

    assert.ok(refusal instanceof GHLAuthenticationError);
    assert.equal(refusal.message, 'Invalid Private Integration token');
  });
});

describe('one key for two tenants: whom a call is for', () => {
  test('stands in the header that the SDK may send with each call', async () => {
    const { contacts } = bed.backend();
    const forAcme = { headers: { locationId: ACME } };
    const forBravo = { headers: { locationId: BRAVO } };

    const { contact } = await contacts.createContact({ locationId: BRAVO, firstName: 'Header' }, forBravo);

    assert.equal((await contacts.getContact({ contactId: contact.id }, forBravo)).contact.firstName, 'Header');
    assert.notEqual((await contacts.getContact({ contactId: contact.id }, forAcme)).contact.firstName, 'Header');
  });

  test('stands in the query', async () => {
    await spentBy('acme', () => bed.backend().contacts.getContacts({ locationId: ACME, limit: 1 }));
    await spentBy('bravo', () => bed.backend().contacts.getContacts({ locationId: BRAVO, limit: 1 }));
    // The SDK writes this one as location_id.
    await spentBy('bravo', () => bed.backend().opportunities.searchOpportunity({ locationId: BRAVO }));
  });

  test('stands in the body', async () => {
    await spentBy('acme', () => bed.backend().contacts.createContact({ locationId: ACME, firstName: 'Body' }));
    await spentBy('bravo', () => bed.backend().contacts.createContact({ locationId: BRAVO, firstName: 'Body' }));
  });

  test("stands in a search's body, though no specification says so", async () => {
    await spentBy('bravo', () => bed.backend().contacts.searchContactsAdvanced({ locationId: BRAVO, pageLimit: 1 }));
  });

  test('stands in the path', async () => {
    await spentBy('acme', () => bed.backend().locations.getLocation({ locationId: ACME }));
    await spentBy('bravo', () => bed.backend().locations.getCustomFields({ locationId: BRAVO }));
  });

  test("is refused where it is another's, wherever it stands", async () => {
    const ghl = bed.tenant('acme');

    for (const refusal of [
      await refused(ghl.contacts.getContacts({ locationId: BRAVO, limit: 1 })),
      await refused(ghl.contacts.createContact({ locationId: BRAVO, firstName: 'Body' })),
      await refused(ghl.locations.getLocation({ locationId: BRAVO })),
    ]) {
      assert.ok(refusal instanceof GHLForbiddenError);
      assert.equal(refusal.response.code, 'forbidden');
      assert.match(refusal.message, new RegExp(BRAVO));
    }
  });
});

/** That a call succeeds and spends the quota of that tenant, once, and of no other. */
async function spentBy(alias, asked) {
  const before = await bed.stats();
  await asked();
  const now = await bed.stats();
  const spent = (id) => (now.resources[id]?.accepted ?? 0) - (before.resources[id]?.accepted ?? 0);
  const expected = alias === 'acme' ? [1, 0] : [0, 1];
  assert.deepEqual([spent(ACME), spent(BRAVO)], expected);
}

async function refused(call) {
  return call.then(
    (answer) => assert.fail(`it was not refused: ${JSON.stringify(answer)}`),
    (error) => error,
  );
}
