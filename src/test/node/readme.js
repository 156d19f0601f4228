'use strict';

const assert = require('node:assert/strict');
const { execFile, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { promisify } = require('node:util');
const { ROOT } = require('./processes');
const { bed, LOCATIONS } = require('./plenty');
const { keyOf } = require('./stand');

const README = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const { reader: LOCATION } = LOCATIONS;
const NO_PYTHON = spawnSync('python3', ['--version']).status === 0 ? false : 'there is no python3';

describe("the README's own lines", () => {
  test('for the SDK run as they stand', async () => {
    const printed = await run('node', ['-e', block('js', bed.url)]);

    assert.match(printed, /^\w+ Ada\n$/);
    assert.equal((await bed.stats()).resources[LOCATION].accepted, 2);
  });

  test('for Python run as they stand', { skip: NO_PYTHON }, async () => {
    const before = (await bed.stats()).resources[LOCATION]?.accepted ?? 0;

    const printed = await run('python3', ['-c', block('python', bed.url)]);

    assert.match(printed, /^\w+ Ada\n$/);
    assert.equal((await bed.stats()).resources[LOCATION].accepted, before + 2);
  });
});

/** The only block of a language, with the reader's key and address filled in. */
function block(language, url) {
  const blocks = [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, lines]) => lines);
  assert.equal(blocks.length, 1, `README.md should have one block of ${language}`);
  return [
    ['<key>', keyOf('reader')],
    ['http://127.0.0.1:8080', url],
  ].reduce((lines, [placeholder, value]) => {
    assert.ok(lines.includes(placeholder), `${placeholder} is missing in README.md's ${language}`);
    return lines.replaceAll(placeholder, value);
  }, blocks[0]);
}

async function run(program, args) {
  const { stdout } = await promisify(execFile)(program, args, { cwd: __dirname, timeout: 120_000 });
  return stdout;
}
