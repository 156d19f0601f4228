'use strict';

// A test stand: the simulated HighLevel, the gateway in front of it, and the official SDK pointed at the gateway.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { before, after } = require('node:test');
const { HighLevel } = require('@gohighlevel/api-client');
const { start } = require('./processes');

// Everything is on this machine: a proxy that a developer or a build server has set must not see it.
process.env.NO_PROXY = process.env.no_proxy = '127.0.0.1';

/** The key of the one caller that has all tenants and no default one. */
const BACKEND = 'gw_backend';

/** A tenant that no test asks for. */
const WARMER = 'warmer';

/**
 * Registers a stand for the suite that calls this. Each tenant has a caller of its own, whose only one it is.
 *
 * @param {{max: number, interval: string, daily?: number}} quota of simulator and gateway alike, for each location
 * @param {Record<string, string>} tenants alias to location
 */
function stand(quota, tenants) {
  const bed = new Stand();
  before(() => bed.open({ daily: 200_000, ...quota }, tenants));
  after(() => bed.close());
  return bed;
}

class Stand {
  #directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ghl-gateway-sdk-'));
  #processes = [];
  #simulator;
  #admin;

  /** Where callers call. */
  url;

  constructor() {
    process.on('exit', () => fs.rmSync(this.#directory, { recursive: true, force: true }));
  }

  async open(quota, tenants) {
    const all = { ...tenants, [WARMER]: 'LocationOfWarmer00001' };
    this.#simulator = (await this.#run(simulatorArguments(quota, all))).simulator;
    const { proxy, admin } = await this.#run(['serve', '--config', this.#configuration(quota, all)]);
    this.url = proxy;
    this.#admin = admin;
    await this.#warmUp(quota);
  }

  async close() {
    await Promise.all(this.#processes.map((started) => started.stop()));
  }

  /**
   * The SDK as it comes, but for the gateway's address.
   *
   * @param {string} key the caller's
   * @param {object} [options] the SDK's own, and `headers` to send with every request
   */
  client(key, { headers = {}, ...options } = {}) {
    HighLevel.BASE_URL = this.url;
    const ghl = new HighLevel({ privateIntegrationToken: key, logLevel: 'none', ...options });
    Object.assign(ghl.getHttpClient().defaults.headers.common, headers);
    return ghl;
  }

  /** The SDK for the caller that has this tenant alone. */
  tenant(alias, options) {
    return this.client(keyOf(alias), options);
  }

  /** The SDK for the caller that has every tenant. */
  backend(options) {
    return this.client(BACKEND, options);
  }

  /** What the simulator has accepted and refused. */
  async stats() {
    return (await call(`${this.#simulator}/_simulator/stats`)).json();
  }

  /** What the simulator is to do wrong next. */
  async faults(...script) {
    await call(`${this.#simulator}/_simulator/faults`, { method: 'POST', body: JSON.stringify(script) });
  }

  /** How many requests of a caller ended that way. */
  async ended(alias, outcome) {
    const metrics = await (await call(`${this.#admin}/metrics`)).text();
    return metrics
      .split('\n')
      .filter((line) => line.startsWith('ghl_gateway_requests_total{'))
      .filter((line) => line.includes(`outcome="${outcome}"`) && line.includes(`caller="${alias}"`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /**
   * A process that has just started takes half a second to see its first requests, and would date them by that much too
   * late. HighLevel is never that young; a limit of its own keeps this out of the tests' counts.
   */
  async #warmUp({ max }) {
    const { contacts } = this.tenant(WARMER);
    await Promise.all(Array.from({ length: Math.min(max, 50) }, (_, n) => contacts.getContact({ contactId: `c${n}` })));
    await call(`${this.#simulator}/_simulator/reset`, { method: 'POST' });
  }

  async #run(args) {
    const started = await start(args, this.#directory);
    this.#processes.push(started);
    return started.urls;
  }

  #configuration({ max, interval, daily }, tenants) {
    const aliases = Object.keys(tenants);
    const lines = [
      'proxy: {host: 127.0.0.1, port: 0}',
      'admin: {port: 0}',
      `upstream: {base-url: "${this.#simulator}"}`,
      // A machine with other things to do stalls for longer than networks do, which the defaults are made for: a permit
      // that went stale is paid for again, and a day of eight requests does not bear that.
      `limits: {burst: {requests: ${max}, per: ${interval}}, daily: ${daily}, guard: 3s, permit-ttl: 1s, journal: none}`,
      'drain: {timeout: 1s}',
      'tenants:',
      ...aliases.map((alias) => `  - {id: ${alias}, location: ${tenants[alias]}, token: ${token(alias)}}`),
      'callers:',
      `  - {name: backend, key: ${BACKEND}, tenants: [${aliases.join(', ')}]}`,
      ...aliases.map((alias) => `  - {name: ${alias}, key: ${keyOf(alias)}, tenants: [${alias}]}`),
    ];
    const file = path.join(this.#directory, 'gateway.yaml');
    fs.writeFileSync(file, lines.join('\n') + '\n');
    return file;
  }
}

function simulatorArguments({ max, interval, daily }, tenants) {
  const limits = ['--max', `${max}`, '--interval', interval, '--daily', `${daily}`];
  const tokens = Object.entries(tenants).flatMap(([alias, location]) => ['--token', `${token(alias)}=${location}`]);
  return ['simulator', '--port', '0', '--latency', '5ms', ...limits, ...tokens];
}

/** The private integration token that the gateway holds for a tenant. */
function token(alias) {
  return `pit-${alias}`;
}

/** The key of the caller that has this tenant alone. */
function keyOf(alias) {
  return `gw_${alias}`;
}

async function call(url, options = {}) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) {
    throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
}

module.exports = { stand, token, keyOf };
