'use strict';

// One process for the suites that share a stand.

require('./answers');
require('./services');
require('./readme');
