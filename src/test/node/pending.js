'use strict';

// What is not built yet, each with the reason that its skipped tests give. SDK_SUITE_ALL=1 runs them all the same.

const PENDING = {
  searchedTenant: 'the catalogue does not yet have the locationId in the body of POST /contacts/search',
  lists: 'the simulator does not yet list pipelines, nor page by page',
  messages: 'the simulator does not yet keep messages in conversations',
  appointments: 'the simulator does not yet keep appointments among the events of calendars',
  validation: 'the simulator does not yet check what it is asked',
};

module.exports = process.env.SDK_SUITE_ALL ? {} : PENDING;
