import { describe, expect, it } from 'vitest';

import { type PageRange, planPages, type TableHeights } from '../../src/hall/hall_pages.ts';

const rows = (number: number, height: number) => Array.from({ length: number }, () => height);
const table = (scale: number, ...groups: number[]): TableHeights => ({
  columns: 40 * scale,
  groups: groups.map((number) => ({ head: 30 * scale, rows: rows(number, 30 * scale) })),
});
const sizes = (...groups: number[]) => [1.5, 1, 0.5].map((scale) => table(scale, ...groups));
const lengths = (pages: readonly PageRange[]) => pages.map(({ from, to }) => to - from);

describe('the pages of the result', () => {
  it('are one in the largest letters that fit', () => {
    expect(planPages(sizes(3), 1000, 1)).toEqual({ size: 0, pages: [{ from: 0, to: 3 }] });
    expect(planPages(sizes(10), 400, 1)).toEqual({ size: 1, pages: [{ from: 0, to: 10 }] });
    expect(planPages(sizes(10), 370, 1)).toEqual({ size: 1, pages: [{ from: 0, to: 10 }] });
    expect(planPages(sizes(10), 369, 1)).toEqual({ size: 2, pages: [{ from: 0, to: 10 }] });
  });

  it('are about equally full where one does not hold all', () => {
    const plan = planPages(sizes(32), 400, 1);
    expect(plan.size).toBe(1);
    expect(lengths(plan.pages)).toEqual([11, 11, 10]);
  });

  it('hold every case once, in order, whatever the groups', () => {
    for (const groups of [[7, 1, 20, 3], [1, 1, 1, 1, 1, 40], [200]]) {
      const { pages } = planPages(sizes(...groups), 333, 1);
      const total = groups.reduce((sum, number) => sum + number, 0);
      expect(pages.flatMap(({ from, to }) => rows(to - from, 0).map((_, at) => from + at))).toEqual(
        rows(total, 0).map((_, at) => at),
      );
    }
  });

  it('have room for a group head again at their top', () => {
    const { pages } = planPages([table(1, 30)], 40 + 30 + 10 * 30, 0);
    expect(lengths(pages)).toEqual([10, 10, 10]);
  });

  it('give a row that is higher than the page one of its own', () => {
    const heights: TableHeights = { columns: 40, groups: [{ head: 30, rows: [30, 900, 30] }] };
    expect(lengths(planPages([heights], 300, 0).pages)).toEqual([1, 1, 1]);
  });

  it('are none without cases', () => {
    expect(planPages([table(1)], 300, 0).pages).toEqual([]);
  });
});
