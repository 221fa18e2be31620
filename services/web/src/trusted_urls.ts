/**
 * The one Trusted Types policy, `phieukin`: only the verifier's, the ballot's and the service
 * worker's own scripts may run, whatever text reaches the page (protocol.md §10, threat-model.md).
 */

const SERVICE_WORKER_PATH = '/service_worker.js';
/** What the build names workers: see `worker.rolldownOptions` in vite.config.ts. */
const WORKER_PATH = /^\/(assets\/[a-z_]+_worker-[A-Za-z0-9_-]+\.js|src\/[a-z_/]+_worker\.ts)$/;

interface Policy {
  createScriptURL(input: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (input: string) => string }): Policy;
}

/** Let a URL through if it is one of ours, else throw TypeError. */
export function allowOwnScript(input: string, origin: string): string {
  const url = new URL(input, origin);
  const isOurs =
    url.origin === origin &&
    url.search === '' &&
    (url.pathname === SERVICE_WORKER_PATH || WORKER_PATH.test(url.pathname));
  if (!isOurs) throw new TypeError(`no script of this program: ${input}`);
  return url.href;
}

function createPolicy(): Policy {
  const rules = {
    createScriptURL: (input: string) => allowOwnScript(input, globalThis.location.origin),
  };
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  // A browser without Trusted Types still gets the check.
  return factory === undefined ? rules : factory.createPolicy('phieukin', rules);
}

let policy: Policy | undefined;

/** The URL of one of our workers or of the service worker, as `new Worker` accepts it. */
export function ownScriptUrl(url: string): string {
  policy ??= createPolicy();
  return policy.createScriptURL(url);
}
