'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { GHLNotFoundError } = require('@gohighlevel/api-client');
const { bed, LOCATIONS } = require('./plenty');

const { charlie: LOCATION, listed: LISTED } = LOCATIONS;

describe("HighLevel's services through the SDK", () => {
  test('a contact that is created can be read, changed, found and deleted', async () => {
    const { contacts } = bed.tenant('charlie');

    const { contact: created } = await contacts.createContact({
      locationId: LOCATION,
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'ada@example.com',
    });
    await contacts.updateContact({ contactId: created.id }, { lastName: 'King' });
    const { contact: read } = await contacts.getContact({ contactId: created.id });
    const found = await contacts.searchContactsAdvanced({ locationId: LOCATION, pageLimit: 20 });
    const deleted = await contacts.deleteContact({ contactId: created.id });

    assert.deepEqual(
      [read.id, read.firstName, read.lastName, read.email],
      [created.id, 'Ada', 'King', 'ada@example.com'],
    );
    assert.equal(found.total, 1);
    assert.deepEqual(ids(found.contacts), [created.id]);
    assert.equal(deleted.succeded, true); // HighLevel's spelling
    await assert.rejects(contacts.getContact({ contactId: created.id }), GHLNotFoundError);
  });

  test('text in any script, and a long one, comes back as it was sent', async () => {
    const { contacts } = bed.tenant('charlie');
    const firstName = 'Žofie 王小明 🦉 "quoted" \\ \u2028';
    const address1 = 'long street '.repeat(2_000);

    const { contact } = await contacts.createContact({ locationId: LOCATION, firstName, address1 });
    const { contact: read } = await contacts.getContact({ contactId: contact.id });

    assert.deepEqual([read.firstName, read.address1], [firstName, address1]);
  });

  test("a contact's tasks are created and listed", async () => {
    const { contacts } = bed.tenant('charlie');
    const { contact } = await contacts.createContact({ locationId: LOCATION, firstName: 'Grace' });

    const { task } = await contacts.createTask(
      { contactId: contact.id },
      { title: 'Call', dueDate: '2030-01-01T00:00:00Z', completed: false },
    );
    const { tasks } = await contacts.getAllTasks({ contactId: contact.id });

    assert.deepEqual(tasks.map(({ id, title }) => [id, title]), [[task.id, 'Call']]);
  });

  test('a conversation is opened and found', async () => {
    const { conversations } = bed.tenant('charlie');

    const { conversation } = await conversations.createConversation({ locationId: LOCATION, contactId: 'contact1' });
    const found = await conversations.searchConversation({ locationId: LOCATION });

    assert.deepEqual(found.conversations.map(({ id, contactId }) => [id, contactId]), [[conversation.id, 'contact1']]);
    assert.equal(found.total, 1);
  });

  test('a message is sent and read in its conversation', async () => {
    const { conversations } = bed.tenant('charlie');

    const sent = await conversations.sendANewMessage({ type: 'SMS', contactId: 'contact2', message: 'Hello' });
    const answer = await conversations.getMessages({ conversationId: sent.conversationId });

    // The SDK's type says a list, HighLevel's answers wrap it once more; a client must live with both.
    const messages = answer.messages.messages ?? answer.messages;
    assert.deepEqual(messages.map(({ id, body }) => [id, body]), [[sent.messageId, 'Hello']]);
  });

  test("a provider's messages, in and out, go to the conversation that they name", async () => {
    const { conversations } = bed.tenant('charlie');
    const { conversation } = await conversations.createConversation({ locationId: LOCATION, contactId: 'contact3' });
    const told = { type: 'SMS', conversationId: conversation.id, contactId: 'contact3', message: 'Hello' };

    const received = await conversations.addAnInboundMessage(told);
    const sent = await conversations.addAnOutboundMessage(told);
    const [first, second] = [
      await conversations.getMessage({ id: received.messageId }),
      await conversations.getMessage({ id: sent.messageId }),
    ];

    assert.deepEqual([first.direction, second.direction], ['inbound', 'outbound']);
    assert.deepEqual([first.conversationId, second.conversationId], [conversation.id, conversation.id]);
    assert.equal((await conversations.getConversation({ conversationId: conversation.id })).unreadCount, 1);
  });

  test("a contact's tags are added and removed", async () => {
    const { contacts } = bed.tenant('charlie');
    const contactId = 'tagged1';

    const added = await contacts.addTags({ contactId }, { tags: ['vip', 'new'] });
    const removed = await contacts.removeTags({ contactId }, { tags: ['new'] });
    const { contact } = await contacts.getContact({ contactId });

    assert.deepEqual([added.tags, removed.tags, contact.tags], [['vip', 'new'], ['vip'], ['vip']]);
  });

  test('an opportunity is created, found and moved', async () => {
    const { opportunities } = bed.tenant('charlie');

    const { opportunity } = await opportunities.createOpportunity({
      pipelineId: 'pipeline1',
      locationId: LOCATION,
      name: 'Difference engine',
      status: 'open',
      contactId: 'contact1',
      monetaryValue: 1700,
    });
    await opportunities.updateOpportunity({ id: opportunity.id }, { name: 'Analytical engine' });
    const found = await opportunities.searchOpportunity({ locationId: LOCATION });

    assert.deepEqual(
      found.opportunities.map(({ id, name, monetaryValue }) => [id, name, monetaryValue]),
      [[opportunity.id, 'Analytical engine', 1700]],
    );
    assert.equal(found.meta.total, 1);
  });

  test('pipelines are listed', async () => {
    const { pipelines } = await bed.tenant('charlie').opportunities.getPipelines({ locationId: LOCATION });

    assert.ok(Array.isArray(pipelines));
    pipelines.forEach(({ id, stages }) => assert.ok(id && Array.isArray(stages)));
  });

  test('a calendar is created and listed', async () => {
    const { calendars } = bed.tenant('charlie');

    const { calendar } = await calendars.createCalendar({ locationId: LOCATION, name: 'Demos' });
    const { calendars: listed } = await calendars.getCalendars({ locationId: LOCATION });

    assert.deepEqual(listed.map(({ id, name }) => [id, name]), [[calendar.id, 'Demos']]);
  });

  test('an appointment is made, read and found among the events', async () => {
    const { calendars } = bed.tenant('charlie');
    const { calendar } = await calendars.createCalendar({ locationId: LOCATION, name: 'Meetings' });

    const made = await calendars.createAppointment({
      calendarId: calendar.id,
      locationId: LOCATION,
      contactId: 'contact1',
      title: 'Tea',
      startTime: '2030-05-01T10:00:00Z',
      endTime: '2030-05-01T10:30:00Z',
    });
    const { event } = await calendars.getAppointment({ eventId: made.id });
    const { events } = await calendars.getCalendarEvents({
      locationId: LOCATION,
      calendarId: calendar.id,
      startTime: `${Date.parse('2030-05-01T00:00:00Z')}`,
      endTime: `${Date.parse('2030-05-02T00:00:00Z')}`,
    });

    const days = await calendars.getSlots({
      calendarId: calendar.id,
      startDate: Date.parse('2030-05-01T09:30:00Z'),
      endDate: Date.parse('2030-05-01T11:00:00Z'),
    });

    assert.deepEqual([made.title, event.title], ['Tea', 'Tea']);
    assert.deepEqual(ids(events), [made.id]);
    assert.deepEqual(days['2030-05-01'].slots.map((slot) => slot.slice(11, 16)), ['09:30', '10:30']);
  });

  test('a location is read, with its custom fields and tags', async () => {
    const { locations } = bed.tenant('charlie');

    const { location } = await locations.getLocation({ locationId: LOCATION });
    const { customField } = await locations.createCustomField(
      { locationId: LOCATION },
      { name: 'Birthplace', dataType: 'TEXT' },
    );
    const { customFields } = await locations.getCustomFields({ locationId: LOCATION });
    const { tag } = await locations.createTag({ locationId: LOCATION }, { name: 'vip' });
    const { tags } = await locations.getLocationTags({ locationId: LOCATION });

    assert.equal(location.id, LOCATION);
    assert.deepEqual(customFields.map(({ id, name }) => [id, name]), [[customField.id, 'Birthplace']]);
    assert.deepEqual(tags.map(({ id, name }) => [id, name]), [[tag.id, 'vip']]);
  });

  test('a paged listing is walked to its end', async () => {
    const { contacts } = bed.tenant('listed');
    const created = await Promise.all(
      Array.from({ length: 45 }, (_, number) =>
        contacts.createContact({ locationId: LISTED, firstName: `Contact ${number}` }),
      ),
    );

    const pages = [];
    for await (const page of pagesOf(contacts, 20)) {
      pages.push(ids(page));
    }

    assert.deepEqual(pages.map((page) => page.length), [20, 20, 5]);
    assert.deepEqual(pages.flat().sort(), created.map(({ contact }) => contact.id).sort());
  });

  test("a page's nextPageUrl, which names HighLevel's host, is followed through the gateway by its path", async () => {
    const ghl = bed.tenant('charlie');
    await ghl.contacts.createContact({ locationId: LOCATION, firstName: 'Joan' });
    await ghl.contacts.createContact({ locationId: LOCATION, firstName: 'Jean' });
    const { contacts: first, meta } = await ghl.contacts.getContacts({ locationId: LOCATION, limit: 1 });

    const { pathname, search, origin } = new URL(meta.nextPageUrl);
    const { data } = await ghl.getHttpClient().get(pathname + search);

    assert.notEqual(origin, new URL(bed.url).origin);
    assert.equal(data.contacts.length, 1);
    assert.notDeepEqual(ids(data.contacts), ids(first));
  });

  test('all of this spends quota once for each call and is never refused', async () => {
    const before = await bed.stats();

    await Promise.all(Array.from({ length: 20 }, () => bed.tenant('charlie').locations.getLocation({ locationId: LOCATION })));

    const now = await bed.stats();
    assert.equal(now.accepted, before.accepted + 20);
    assert.equal(now.refused, 0);
  });
});

function ids(records) {
  return records.map(({ id }) => id);
}

/** Page after page, as integrations do: where one ends, `meta` says where the next begins. */
async function* pagesOf(contacts, limit) {
  let next = {};
  for (let page = 0; page < 10; page++) {
    const { contacts: records, meta } = await contacts.getContacts({ locationId: LISTED, limit, ...next });
    if (records.length > 0) {
      yield records;
    }
    if (records.length < limit) {
      return;
    }
    next = { startAfter: meta.startAfter, startAfterId: meta.startAfterId };
  }
  throw new Error('ten pages and no end');
}
