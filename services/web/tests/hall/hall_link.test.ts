import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const CODE = 'A'.repeat(43);
const OTHER = 'B'.repeat(43);
const kept = new Map<string, string>();
const address = { hash: '', pathname: '/hall' };

async function load() {
  vi.resetModules();
  return import('../../src/hall/hall_link.ts');
}

beforeEach(() => {
  kept.clear();
  address.hash = `#${CODE}`;
  vi.stubGlobal('location', address);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('history', {
    replaceState: () => {
      address.hash = '';
    },
  });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the code of the hall link', () => {
  it('does not stay in the address bar, which the projector shows', async () => {
    const { takeHallCode } = await load();
    expect(takeHallCode()).toBe(CODE);
    expect(address.hash).toBe('');
  });

  it('survives loading the page again, until the link is dead', async () => {
    const { takeHallCode, forgetHallCode } = await load();
    takeHallCode();
    expect(takeHallCode()).toBe(CODE);
    forgetHallCode();
    expect(takeHallCode()).toBeNull();
  });

  it('gives way to that of a newer link', async () => {
    const { takeHallCode } = await load();
    takeHallCode();
    address.hash = `#${OTHER}`;
    expect(takeHallCode()).toBe(OTHER);
    expect(takeHallCode()).toBe(OTHER);
  });

  it('stays where it is if nothing can keep it', async () => {
    const refuse = () => {
      throw new DOMException('', 'SecurityError');
    };
    vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
    const { takeHallCode, forgetHallCode } = await load();
    expect(takeHallCode()).toBe(CODE);
    expect(takeHallCode()).toBe(CODE);
    expect(forgetHallCode).not.toThrow();
  });

  it('is none where the fragment is no code', async () => {
    const { takeHallCode } = await load();
    address.hash = '#/somewhere';
    expect(takeHallCode()).toBeNull();
  });
});
