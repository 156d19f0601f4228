'use strict';

// The one stand of all suites that never come near a quota. They share it, so each has locations of its own.

const { stand } = require('./stand');

const LOCATIONS = {
  acme: 'LocationOfAcme0000001',
  bravo: 'LocationOfBravo000001',
  charlie: 'LocationOfCharlie0001',
  listed: 'LocationOfListed00001',
  revoked: 'LocationOfRevoked0001', // its token is taken for dead once HighLevel has said so
  reader: 've9EPM428h8vShlRW1KT', // the README's
};

module.exports = { LOCATIONS, bed: stand({ max: 1000, interval: '10s' }, LOCATIONS) };
