import { describe, expect, it } from 'vitest';

import { allowOwnScript } from '../src/trusted_urls.ts';

const ORIGIN = 'https://phieukin.example';

describe('the one Trusted Types policy', () => {
  it.each([
    '/service_worker.js',
    '/assets/ballot_worker-Dyb-x7hW.js',
    `${ORIGIN}/assets/verifier_worker-AbC_1.js`,
  ])('lets %s through', (url) => {
    expect(allowOwnScript(url, ORIGIN)).toBe(new URL(url, ORIGIN).href);
  });

  it.each([
    ['another origin', 'https://evil.example/service_worker.js'],
    ['a scheme that carries code', 'data:text/javascript,alert(1)'],
    ['a blob', `blob:${ORIGIN}/0b5f`],
    ['a page of ours', '/index.html'],
    ['a file that is no worker', '/assets/index-Dyb.js'],
    ['a path that only begins right', '/assets/ballot_worker-Dyb.js/../../evil.js'],
    ['an answer of the API', '/api/v1/papers/00/file'],
    ['a query', '/service_worker.js?x=1'],
    ['another origin by two slashes', '//evil.example/service_worker.js'],
  ])('refuses %s', (_, url) => {
    expect(() => allowOwnScript(url, ORIGIN)).toThrow(TypeError);
  });
});
