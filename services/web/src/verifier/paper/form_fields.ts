/** The form fields of a paper as it stood at one revision (ISO 32000-2:2020 §12.7). */

import type { PdfRevision } from './pdf_file.ts';
import { PdfDict, PdfRef, unreadable } from './pdf_values.ts';

const MAX_FIELDS = 200;

/** A field that is its own widget, as all of a paper's are; `page` counts from 0. */
export interface FormField {
  readonly num: number;
  readonly name: string;
  readonly kind: 'Sig' | 'Tx';
  /** What a screen reader says (/TU). */
  readonly title: string;
  readonly dict: PdfDict;
  readonly page: number | null;
  readonly box: Box;
}

/** Left, bottom, right, top in points from the page's lower left. */
export type Box = readonly [number, number, number, number];

/** All fields by the numbers of their objects. Throws MalformedInputError. */
export function formFields(revision: PdfRevision): Map<number, FormField> {
  const form = revision.dict(revision.catalog.entries.get('AcroForm') ?? null);
  const found = new Map<number, FormField>();
  const names = new Set<string>();
  const pages = pagesOfAnnotations(revision);
  for (const ref of form === null ? [] : revision.array(form.entries.get('Fields'))) {
    const dict = revision.dict(ref);
    if (!(ref instanceof PdfRef) || dict === null || found.size === MAX_FIELDS) {
      throw unreadable('its form cannot be read');
    }
    const kind = revision.name(dict.entries.get('FT'));
    const name = revision.text(dict.entries.get('T'));
    if (name === null || names.has(name) || dict.entries.has('Kids')) {
      throw unreadable('its form has a field without a name of its own, or in several parts');
    }
    if (kind !== 'Sig' && kind !== 'Tx') throw unreadable(`its form has a field of kind ${kind}`);
    names.add(name);
    const title = revision.text(dict.entries.get('TU') ?? null) ?? '';
    const box = boxOf(revision, dict);
    found.set(ref.num, {
      num: ref.num,
      name,
      kind,
      title,
      dict,
      page: pages.get(ref.num) ?? null,
      box,
    });
  }
  return found;
}

/** The box of an annotation (/Rect). */
export function boxOf(revision: PdfRevision, dict: PdfDict): Box {
  const [x1, y1, x2, y2] = revision.numbers(dict.entries.get('Rect') ?? []);
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) {
    throw unreadable('an annotation has no place');
  }
  if ([x1, y1, x2, y2].some(Number.isNaN)) throw unreadable('an annotation has no place');
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

export function isInside(inner: Box, outer: Box): boolean {
  return (
    inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
  );
}

function pagesOfAnnotations(revision: PdfRevision): Map<number, number> {
  const found = new Map<number, number>();
  for (const [page, { dict }] of revision.pages.entries()) {
    for (const ref of revision.array(dict.entries.get('Annots') ?? null)) {
      if (ref instanceof PdfRef) found.set(ref.num, page);
    }
  }
  return found;
}
