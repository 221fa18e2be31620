/**
 * What a later revision may change of a signed paper (protocol.md §9, V18): it fills an empty
 * signature field, or number and date; puts a stamp into the box of the number; adds a security
 * store or a document time stamp; brings the metadata up to date. Nothing else.
 *
 * Every object that a revision writes anew must have one of these parts, or be new and referred to
 * only by such a part; so a change that this file does not know is refused.
 */

import { boxOf, type FormField, formFields, isInside } from './form_fields.ts';
import type { PdfRevision } from './pdf_file.ts';
import {
  changedKeys,
  isSame,
  PdfDict,
  PdfRef,
  PdfStream,
  type PdfValue,
  refsIn,
} from './pdf_values.ts';

/** The text fields of a meeting minute; only they may be filled. */
export const TEXT_FIELDS: ReadonlySet<string> = new Set(['number', 'date']);
const PRESIDING = 'presiding';
const AGENCY = 'agency';
/** Which field is signed before which; tellers sign in any order. */
const SIGNED_BEFORE: Readonly<Record<string, string>> = {
  [PRESIDING]: 'secretary',
  [AGENCY]: PRESIDING,
};
/** Print, read-only, locked, locked contents (table 167); all other flags hide or move. */
const HARMLESS_FLAGS = 4 | 64 | 128 | 512;
const CATALOG_KEYS = new Set(['AcroForm', 'DSS', 'Extensions', 'Metadata', 'Version']);
const FORM_KEYS = new Set(['Fields', 'SigFlags', 'DR', 'DA']);
const FIELD_KEYS = new Set(['V', 'AP', 'M', 'MK', 'DA', 'BS', 'Border', 'F', 'Ff', 'Type']);
const TEXT_KEYS = new Set(['V', 'AP', 'M', 'MK']);
const INFO_KEYS = new Set(['ModDate', 'Producer']);
const STAMPS = new Set(['Stamp', 'FreeText']);
const HIDDEN = 0b10;

/** Compare a revision with the one before it. */
export function changeProblems(before: PdfRevision, after: PdfRevision): string[] {
  return new Comparison(before, after).problems();
}

class Comparison {
  readonly #before: PdfRevision;
  readonly #after: PdfRevision;
  readonly #fields: ReadonlyMap<number, FormField>;
  readonly #newFields: ReadonlyMap<number, FormField>;
  readonly #found: string[] = [];
  /** How often the file as it stood refers to an object. */
  readonly #references = new Map<number, number>();

  constructor(before: PdfRevision, after: PdfRevision) {
    this.#before = before;
    this.#after = after;
    this.#fields = formFields(before);
    this.#newFields = formFields(after);
    for (const num of before.objects.keys()) {
      for (const ref of refsIn(before.object(num) ?? null)) {
        this.#references.set(ref.num, (this.#references.get(ref.num) ?? 0) + 1);
      }
    }
  }

  problems(): string[] {
    const changed = this.#changedObjects();
    this.#checkTrailer();
    for (const num of changed) this.#checkObject(num);
    this.#checkFilledTogether(changed);
    return this.#found;
  }

  #refuse(what: string): void {
    if (!this.#found.includes(what)) this.#found.push(what);
  }

  /** The objects that the file had and that say something else now. */
  #changedObjects(): number[] {
    const changed: number[] = [];
    for (const [num, where] of this.#after.written) {
      const old = this.#before.object(num);
      if (where.kind === 'free') {
        if (old !== undefined) this.#refuse(`object ${num} was deleted`);
      } else if (old === undefined) {
        // Something hidden could wait for an object that a later revision brings.
        if (this.#references.has(num)) this.#refuse(`object ${num} was missing and is there now`);
      } else if (!isSame(old, this.#after.object(num))) {
        changed.push(num);
      }
    }
    return changed;
  }

  #checkTrailer(): void {
    const [old, now] = [this.#before.trailer.entries, this.#after.trailer.entries];
    if (!isSame(old.get('Root'), now.get('Root'))) this.#refuse('the file has another catalog');
    const info = now.get('Info');
    if (info !== undefined && old.get('Info') === undefined) return;
    if (!isSame(old.get('Info'), info)) this.#compareInfo(old.get('Info'), info);
  }

  #checkObject(num: number): void {
    const old = this.#before.object(num);
    const now = this.#after.object(num);
    const root = this.#before.trailer.entries.get('Root');
    const field = this.#fields.get(num);
    if (root instanceof PdfRef && root.num === num) {
      this.#checkCatalog(old, now);
    } else if (field !== undefined) {
      this.#checkField(field, now);
    } else if (this.#isForm(num)) {
      this.#checkForm(old, now);
    } else if (this.#isFieldList(num)) {
      this.#checkFieldList(old, now);
    } else if (this.#isAnnotationList(num)) {
      this.#checkAnnotations(old, now, num);
    } else if (this.#before.pages.some((page) => page.ref.num === num)) {
      this.#checkPage(old, now, num);
    } else if (this.#isInfo(num)) {
      this.#compareInfo(old, now);
    } else if (!this.#isMetadata(num, now) && !this.#isSecurityStore(num, now)) {
      this.#refuse(`${nameOf(this.#before, old)} (object ${num}) was changed`);
    }
  }

  #checkCatalog(old: PdfValue | undefined, now: PdfValue | undefined): void {
    if (!(old instanceof PdfDict) || !(now instanceof PdfDict)) {
      this.#refuse('the catalog was replaced');
      return;
    }
    for (const key of changedKeys(old, now)) {
      if (!CATALOG_KEYS.has(key)) this.#refuse(`the catalog's /${key} was changed`);
    }
    const [form, newForm] = [old.entries.get('AcroForm'), now.entries.get('AcroForm')];
    if (form instanceof PdfDict || newForm instanceof PdfDict) {
      this.#checkForm(this.#before.dict(form), this.#after.dict(newForm));
    } else if (!isSame(form, newForm)) {
      this.#refuse('the form was replaced');
    }
    const metadata = now.entries.get('Metadata');
    if (!isSame(old.entries.get('Metadata'), metadata) && !isXmp(this.#after, metadata)) {
      this.#refuse('the metadata were replaced by something else');
    }
  }

  #checkForm(old: PdfValue | undefined, now: PdfValue | undefined): void {
    if (!(old instanceof PdfDict) || !(now instanceof PdfDict)) {
      this.#refuse('the form was replaced');
      return;
    }
    for (const key of changedKeys(old, now)) {
      if (!FORM_KEYS.has(key)) this.#refuse(`the form's /${key} was changed`);
    }
    const [fields, newFields] = [old.entries.get('Fields'), now.entries.get('Fields')];
    if (isSame(fields, newFields)) return;
    this.#checkFieldList(this.#before.resolve(fields), this.#after.resolve(newFields));
  }

  #checkFieldList(old: PdfValue | undefined, now: PdfValue | undefined): void {
    for (const ref of this.#added(old, now, 'the list of fields')) {
      if (!this.#isTimeStampField(ref)) this.#refuse('a field was added to the form');
    }
  }

  /** What an array has more than it had; all that was there must be there in its place. */
  #added(
    old: PdfValue | undefined,
    now: PdfValue | undefined,
    name: string,
  ): readonly PdfValue[] {
    const [had, has] = [old ?? [], now ?? []];
    if (!Array.isArray(had) || !Array.isArray(has)) {
      this.#refuse(`${name} was replaced`);
      return [];
    }
    const values = has as readonly PdfValue[];
    if (!isSame(had as readonly PdfValue[], values.slice(0, had.length))) {
      this.#refuse(`${name} lost an entry or has another order`);
    }
    return values.slice(had.length);
  }

  /** The field of a document time stamp: new, without a place on any page. */
  #isTimeStampField(ref: PdfValue): boolean {
    if (!(ref instanceof PdfRef) || this.#fields.has(ref.num)) return false;
    const field = this.#newFields.get(ref.num);
    if (field === undefined || field.kind !== 'Sig') return false;
    const flags = field.dict.entries.get('F');
    const [left, bottom, right, top] = field.box;
    const isUnseen = left === right || bottom === top;
    const isHidden = typeof flags === 'number' && (flags & HIDDEN) !== 0;
    const value = this.#after.dict(field.dict.entries.get('V') ?? null);
    return (
      (isUnseen || isHidden) &&
      value !== null &&
      this.#after.name(value.entries.get('Type') ?? null) === 'DocTimeStamp'
    );
  }

  #checkField(field: FormField, now: PdfValue | undefined): void {
    const { name, dict } = field;
    if (!(now instanceof PdfDict)) {
      this.#refuse(`the field ${name} was replaced`);
      return;
    }
    const allowed = field.kind === 'Sig' ? FIELD_KEYS : TEXT_KEYS;
    for (const key of changedKeys(dict, now)) {
      if (key === 'Rect') this.#refuse(`the field ${name} was moved`);
      else if (!allowed.has(key)) this.#refuse(`the field ${name} was changed (/${key})`);
    }
    if (field.kind === 'Sig') this.#checkSigning(field, now);
    else this.#checkFilling(field);
  }

  #checkSigning({ name, dict }: FormField, now: PdfDict): void {
    if (isFilled(this.#before, dict)) {
      this.#refuse(
        isFilled(this.#after, now)
          ? `the signature in ${name} or its picture was changed`
          : `the signature in ${name} was removed`,
      );
    } else if (!isFilled(this.#after, now)) {
      this.#refuse(`the place of ${name} was changed without a signature`);
    } else {
      this.#checkOrder(name);
    }
    const flags = now.entries.get('F') ?? 0;
    if (!isSame(dict.entries.get('F') ?? 0, flags)) {
      const isPlain = typeof flags === 'number' && (flags & ~HARMLESS_FLAGS) === 0;
      if (!isPlain) this.#refuse(`the field ${name} was hidden`);
    }
  }

  #checkOrder(name: string): void {
    const earlier = SIGNED_BEFORE[name];
    if (earlier !== undefined && this.#has(earlier) && !this.#isSigned(earlier)) {
      this.#refuse(`${name} was signed before ${earlier}`);
    }
    for (const text of name === AGENCY ? TEXT_FIELDS : []) {
      if (this.#has(text) && this.#textOf(this.#before, text) === '') {
        this.#refuse(`the agency signed before the ${text} was given`);
      }
    }
  }

  /** Number and date: after the presiding officer has signed, before the agency has. */
  #checkFilling({ name }: FormField): void {
    if (!TEXT_FIELDS.has(name)) this.#refuse(`the field ${name} was filled`);
    if (this.#textOf(this.#before, name) !== '') {
      this.#refuse(`the ${name} was changed after it was given`);
    }
    if (this.#textOf(this.#after, name) === '') {
      this.#refuse(`the look of the empty field ${name} was changed`);
    }
    if (!this.#isSigned(PRESIDING)) {
      this.#refuse(`the field ${name} was filled before the presiding officer signed`);
    }
    if (this.#isSigned(AGENCY)) {
      this.#refuse(`the field ${name} was changed after the agency signed`);
    }
  }

  #checkFilledTogether(changed: readonly number[]): void {
    const filled = changed.filter((num) => TEXT_FIELDS.has(this.#fields.get(num)?.name ?? ''));
    const there = [...TEXT_FIELDS].filter((name) => this.#has(name));
    if (filled.length > 0 && filled.length !== there.length) {
      this.#refuse('number and date are filled together');
    }
  }

  #has(name: string): boolean {
    return [...this.#fields.values()].some((field) => field.name === name);
  }

  #isSigned(name: string): boolean {
    return [...this.#fields.values()].some(
      (field) => field.name === name && isFilled(this.#before, field.dict),
    );
  }

  #textOf(revision: PdfRevision, name: string): string {
    const fields = revision === this.#before ? this.#fields : this.#newFields;
    const field = [...fields.values()].find((each) => each.name === name);
    return revision.text(field?.dict.entries.get('V') ?? null) ?? '';
  }

  #checkPage(old: PdfValue | undefined, now: PdfValue | undefined, num: number): void {
    const page = this.#before.pages.findIndex((each) => each.ref.num === num) + 1;
    if (!(old instanceof PdfDict) || !(now instanceof PdfDict)) {
      this.#refuse(`page ${page} was replaced`);
      return;
    }
    for (const key of changedKeys(old, now)) {
      if (key !== 'Annots') this.#refuse(`page ${page} was changed (/${key})`);
    }
    const [annotations, others] = [old.entries.get('Annots'), now.entries.get('Annots')];
    if (isSame(annotations, others)) return;
    this.#compareAnnotations(
      annotations === undefined ? [] : this.#before.resolve(annotations),
      others === undefined ? [] : this.#after.resolve(others),
      page - 1,
    );
  }

  #checkAnnotations(old: PdfValue | undefined, now: PdfValue | undefined, num: number): void {
    const page = this.#before.pages.findIndex(({ dict }) => refersTo(dict, 'Annots', num));
    this.#compareAnnotations(old, now, page);
  }

  #compareAnnotations(
    old: PdfValue | undefined,
    now: PdfValue | undefined,
    page: number,
  ): void {
    for (const ref of this.#added(old, now, `page ${page + 1}'s list of annotations`)) {
      if (this.#isTimeStampField(ref)) continue;
      const problem = this.#stampProblem(ref, page);
      if (problem !== null) this.#refuse(problem);
    }
  }

  /** A clerk's number stamp lies wholly in the box that the paper keeps for the number. */
  #stampProblem(ref: PdfValue, page: number): string | null {
    const annotation = this.#after.dict(ref);
    const kind = annotation === null ? null : this.#after.name(annotation.entries.get('Subtype'));
    if (annotation === null || kind === null || !STAMPS.has(kind)) {
      return `something was put onto page ${page + 1} (${kind ?? 'unknown'})`;
    }
    const box = [...this.#fields.values()].find(({ name }) => name === 'number');
    const isThere =
      box !== undefined && box.page === page && isInside(boxOf(this.#after, annotation), box.box);
    if (!isThere) return `a stamp on page ${page + 1} lies outside of the number's box`;
    if (annotation.entries.has('A') || annotation.entries.has('AA')) return 'a stamp does something';
    if (!this.#isSigned(PRESIDING)) return 'a stamp was put before the presiding officer signed';
    return this.#isSigned(AGENCY) ? 'a stamp was put after the agency signed' : null;
  }

  #isForm(num: number): boolean {
    return refersTo(this.#before.catalog, 'AcroForm', num);
  }

  #isFieldList(num: number): boolean {
    const form = this.#before.dict(this.#before.catalog.entries.get('AcroForm') ?? null);
    return form !== null && refersTo(form, 'Fields', num) && this.#isOnlyOne(num);
  }

  #isAnnotationList(num: number): boolean {
    const holders = this.#before.pages.filter(({ dict }) => refersTo(dict, 'Annots', num));
    return holders.length === 1 && this.#isOnlyOne(num);
  }

  #isInfo(num: number): boolean {
    return refersTo(this.#before.trailer, 'Info', num);
  }

  #compareInfo(old: PdfValue | undefined, now: PdfValue | undefined): void {
    const [had, has] = [this.#before.dict(old ?? null), this.#after.dict(now ?? null)];
    if (had === null || has === null) {
      this.#refuse('the document information was replaced');
      return;
    }
    for (const key of changedKeys(had, has)) {
      if (!INFO_KEYS.has(key)) this.#refuse(`the document information was changed (/${key})`);
    }
  }

  #isMetadata(num: number, now: PdfValue | undefined): boolean {
    const isOld = refersTo(this.#before.catalog, 'Metadata', num) && this.#isOnlyOne(num);
    return isOld && now instanceof PdfStream && isXmp(this.#after, now);
  }

  /** The security store (DSS), its lists and VRI dictionaries; never a stream that was there. */
  #isSecurityStore(num: number, now: PdfValue | undefined): boolean {
    const store = this.#before.catalog.entries.get('DSS');
    if (store === undefined || now instanceof PdfStream || !this.#isOnlyOne(num)) return false;
    const parts = new Set<number>();
    const visit = (value: PdfValue, depth: number): void => {
      for (const ref of refsIn(value)) {
        if (depth > 4 || parts.has(ref.num)) continue;
        parts.add(ref.num);
        visit(this.#before.object(ref.num) ?? null, depth + 1);
      }
    };
    visit(store, 0);
    return parts.has(num);
  }

  /** Nothing else of the file may lean on an object that may change. */
  #isOnlyOne(num: number): boolean {
    return this.#references.get(num) === 1;
  }
}

export function isFilled(revision: PdfRevision, field: PdfDict): boolean {
  return revision.dict(field.entries.get('V') ?? null) !== null;
}

function refersTo(dict: PdfDict, key: string, num: number): boolean {
  const value = dict.entries.get(key);
  return value instanceof PdfRef && value.num === num;
}

function isXmp(revision: PdfRevision, value: PdfValue | undefined): boolean {
  const found = revision.stream(value ?? null);
  return (
    found !== null &&
    revision.name(found.dict.entries.get('Type') ?? null) === 'Metadata' &&
    revision.name(found.dict.entries.get('Subtype') ?? null) === 'XML'
  );
}

function nameOf(revision: PdfRevision, value: PdfValue | undefined): string {
  const dict = value instanceof PdfStream ? value.dict : value;
  const type = dict instanceof PdfDict ? revision.name(dict.entries.get('Type') ?? null) : null;
  return type ?? (value instanceof PdfStream ? 'a stream' : 'a part');
}
