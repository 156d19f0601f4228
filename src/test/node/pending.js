'use strict';

// What is not built yet, each with the reason that its skipped tests give. SDK_SUITE_ALL=1 runs them all the same.

const PENDING = {
  searchedTenant: 'the catalogue does not yet have the locationId in the body of POST /contacts/search',
  shapes: 'the simulator does not yet answer in the shape of this operation',
  paging: 'the simulator does not yet page its lists',
  validation: 'the simulator does not yet validate',
};

module.exports = process.env.SDK_SUITE_ALL ? {} : PENDING;
