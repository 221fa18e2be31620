/** Which outcomes stand on one page of the hall screen, which nobody can scroll. */

/** Heights as drawn, in px; the head of a group stands again at the top of a page. */
export interface GroupHeights {
  readonly head: number;
  readonly rows: readonly number[];
}

/** The table in one size of letters. */
export interface TableHeights {
  /** The row with the columns' names. */
  readonly columns: number;
  readonly groups: readonly GroupHeights[];
}

/** `size` is the place in the list of sizes; each page has the rows `from` up to before `to`. */
export interface PagePlan {
  readonly size: number;
  readonly pages: readonly PageRange[];
}

export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The largest letters with which all is on one page; else pages in the size `paged`.
 *
 * `bySize` begins with the largest letters. A row that is higher than the page has a page alone.
 */
export function planPages(
  bySize: readonly TableHeights[],
  available: number,
  paged: number,
): PagePlan {
  for (const [size, heights] of bySize.entries()) {
    const pages = packRows(heights, available);
    if (pages.length <= 1) return { size, pages };
  }
  const heights = bySize[paged];
  if (heights === undefined) throw new RangeError('no such size of letters');
  return { size: paged, pages: evenPages(heights, available) };
}

/** As few pages as hold all rows, about equally full: no last page with a single case. */
function evenPages(heights: TableHeights, available: number): readonly PageRange[] {
  const fewest = packRows(heights, available);
  // Less room makes pages more even as long as it makes no more of them.
  let [tooLow, enough] = [0, available];
  for (let step = 0; step < 12; step += 1) {
    const middle = (tooLow + enough) / 2;
    if (packRows(heights, middle).length > fewest.length) tooLow = middle;
    else enough = middle;
  }
  return packRows(heights, enough);
}

function packRows({ columns, groups }: TableHeights, available: number): readonly PageRange[] {
  const pages: PageRange[] = [];
  let [from, no, filled] = [0, 0, columns];
  for (const { head, rows } of groups) {
    let isHeadShown = false;
    for (const row of rows) {
      const needed = row + (isHeadShown ? 0 : head);
      if (no > from && filled + needed > available) {
        pages.push({ from, to: no });
        [from, filled] = [no, columns + head + row];
      } else filled += needed;
      isHeadShown = true;
      no += 1;
    }
  }
  if (no > from) pages.push({ from, to: no });
  return pages;
}
