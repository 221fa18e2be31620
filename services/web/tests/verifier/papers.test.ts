/** V18: papers as their people signed them, and papers that were changed in one way each. */

import { beforeAll, describe, expect, it } from 'vitest';

import { joinBytes } from '../../src/crypto/encodings.ts';
import { readEvidence } from '../../src/verifier/evidence.ts';
import { type AttachedRecord, attachedRecords } from '../../src/verifier/paper/attached_records.ts';
import { readCertificates } from '../../src/verifier/paper/certificate_trust.ts';
import { judgeSignatures } from '../../src/verifier/paper/paper_signatures.ts';
import { PdfFile } from '../../src/verifier/paper/pdf_file.ts';
import { latin1 } from '../../src/verifier/paper/pdf_lexer.ts';
import { PdfRef } from '../../src/verifier/paper/pdf_values.ts';
import { checkPaper } from '../../src/verifier/paper/checks_papers.ts';
import { figureProblems } from '../../src/verifier/paper/printed_figures.ts';
import { readPages } from '../../src/verifier/paper/printed_pages.ts';
import { readRecordFiles } from '../../src/verifier/record_files.ts';
import { MalformedInputError, runCheck } from '../../src/verifier/report.ts';
import { verifyBytes } from '../../src/verifier/verify.ts';
import { Changing, raw, readPaper, streamOf, withEntries, written } from './paper_changes.ts';
import { zipOf } from './stored_zip_writer.ts';

const counting = readPaper('counting.pdf');
const meeting = readPaper('meeting.pdf');
const trust = readPaper('authority.pem');
const anchors = { showsCodes: false };

/** V18 alone, without the record's own checks. */
async function judge(data: Uint8Array, given: Uint8Array | null = null): Promise<string> {
  const file = new PdfFile(data);
  const records = attachedRecords(file.last);
  const signatures = await judgeSignatures(file, readCertificates(trust));
  const evidence = given === null ? null : readEvidence(readRecordFiles(given));
  const paper = { file, records, signatures };
  const { status, detail } = await runCheck('V18', () => checkPaper(paper, evidence, true));
  return `${status}: ${detail}`;
}

describe('a paper as it was signed', () => {
  it.each([
    ['counting', counting],
    ['meeting', meeting],
  ])('%s minute: every check holds, the issuers anchor it', async (_, data) => {
    const { report, signers } = await verifyBytes(data, 'paper.pdf', { anchors, trust });
    const others = report.checks.filter(({ status }) => status !== 'holds');
    expect(others.map(({ id }) => id)).toEqual(['V19']);
    expect(signers?.signatures.every(({ isTrusted }) => isTrusted === true)).toBe(true);
    expect(signers?.emptyFields).toEqual([]);
  });

  it('without issuers: they are not judged, and nothing anchors it', async () => {
    const { report, signers } = await verifyBytes(meeting, 'paper.pdf', { anchors });
    expect(report.ok).toBe(true);
    expect(report.checks[18]?.detail).toContain('not judged');
    expect(report.checks[20]?.status).toBe('not_applicable');
    expect(signers?.areIssuersJudged).toBe(false);
    expect(signers?.signatures.map(({ field }) => field)).toEqual([
      'secretary',
      'presiding',
      'agency',
    ]);
  });

  it('extract: its signatures are judged, and V18 is never said to hold for it', async () => {
    const extract = readPaper('extract.pdf');
    const { report, signers } = await verifyBytes(extract, 'paper.pdf', { anchors });
    expect(report.checks[18]).toMatchObject({ status: 'not_applicable', reason: 'extract' });
    expect(signers?.signatures.map(({ field }) => field)).toEqual(['secretary']);
    const changed = Uint8Array.from(extract);
    changed[2000] = (changed[2000] ?? 0) ^ 1;
    const answer = verifyBytes(changed, 'paper.pdf', { anchors });
    const told = await answer.then((all) => all.report.checks[18]?.status, () => 'malformed');
    expect(['fails', 'malformed']).toContain(told);
  });

  it('with a security store and a time stamp (B-LTA), by RSA and ECDSA', async () => {
    const [data, roots] = [readPaper('long-term.pdf'), readPaper('long-term-root.pem')];
    const { report, signers } = await verifyBytes(data, 'paper.pdf', { anchors, trust: roots });
    expect(report.ok).toBe(true);
    expect(signers?.signatures.map(({ kind, isTrusted }) => [kind, isTrusted])).toEqual([
      ['person', true],
      ['person', true],
      ['person', true],
      ['time_stamp', true],
    ]);
    expect(signers?.signatures[3]?.time).not.toBeNull();
  });

  it('is the same paper where the number is not given yet', async () => {
    expect(await judge(upTo(meeting, 1))).toMatch(/^holds: .*not signed yet: presiding, agency/);
  });
});

/** The paper at the end of a revision, by how many signatures it bears then. */
function upTo(data: Uint8Array, signatures: number): Uint8Array {
  const revision = new PdfFile(data).revisions.find(
    ({ ends }) => latin1(data.subarray(0, ends[1])).split('/ByteRange').length - 1 === signatures,
  );
  return data.slice(0, revision?.ends[1]);
}

/** One change each to a signed meeting minute, and what is said of it. */
const CHANGES: Readonly<Record<string, readonly [(paper: Changing) => Uint8Array, string]>> = {
  'another page content': [
    (paper) => paper.append({ [paper.page(0).num]: blankPage(paper) }),
    'page 1 was changed (/Contents)',
  ],
  'the stream of a page exchanged': [
    (paper) => {
      const { num, text } = paper.stream(paper.page(0).dict, 'Contents');
      return paper.append({ [num]: streamOf(`${text} `) });
    },
    'a stream (object',
  ],
  'a page left out': [
    (paper) => {
      const pages = paper.catalog.dict.entries.get('Pages');
      const num = pages instanceof PdfRef ? pages.num : 0;
      const { num: first } = paper.page(0);
      return paper.append({ [num]: `<</Type /Pages /Count 1 /Kids [${first} 0 R]>>` });
    },
    'Pages (object',
  ],
  'another record attached': [
    (paper) => {
      const { num, dict } = paper.catalog;
      const names = { Names: '<</EmbeddedFiles <</Names []>>>>', Type: '/Catalog' };
      return paper.append({ [num]: withEntries(dict, names) });
    },
    'no record is attached',
  ],
  'the action of a catalog': [
    (paper) => {
      const { num, dict } = paper.catalog;
      return paper.append({ [num]: withEntries(dict, { OpenAction: '<</S /JavaScript>>' }) });
    },
    "the catalog's /OpenAction was changed",
  ],
  'a field moved': [
    (paper) => {
      const { num, dict } = paper.field('presiding');
      return paper.append({ [num]: withEntries(dict, { Rect: '[300 100 400 200]' }) });
    },
    'the field presiding was moved',
  ],
  'a signature removed': [
    (paper) => {
      const { num, dict } = paper.field('presiding');
      return paper.append({ [num]: withEntries(dict, { V: null }) });
    },
    'the signature in presiding was removed',
  ],
  'the picture of a signature exchanged': [
    (paper) => {
      const { num, dict } = paper.field('presiding');
      const [form, picture] = [paper.free, `<</N ${paper.free} 0 R>>`];
      return paper.append({
        [num]: withEntries(dict, { AP: picture }),
        [form]: streamOf('', '/Type /XObject /Subtype /Form /BBox [0 0 9 9]'),
      });
    },
    'the signature in presiding or its picture was changed',
  ],
  'a text laid over a page': [
    (paper) => annotated(paper, '<</Type /Annot /Subtype /FreeText /Rect [90 400 300 420]>>'),
    "a stamp on page 1 lies outside of the number's box",
  ],
  'a picture laid over a page': [
    (paper) => annotated(paper, '<</Type /Annot /Subtype /Square /Rect [90 400 300 420]>>'),
    'something was put onto page 1 (Square)',
  ],
  'a stamp after the agency has signed': [
    (paper) => {
      const rect = written(paper.field('number').dict.entries.get('Rect') ?? null);
      return annotated(paper, `<</Type /Annot /Subtype /Stamp /Rect ${rect}>>`);
    },
    'a stamp was put after the agency signed',
  ],
  'another number': [
    (paper) => {
      const { num, dict } = paper.field('number');
      return paper.append({ [num]: withEntries(dict, { V: '(08)' }) });
    },
    'the number was changed after it was given',
  ],
  'a field added': [
    (paper) => {
      const form = paper.catalog.dict.entries.get('AcroForm');
      const dict = paper.file.last.dict(form);
      if (!(form instanceof PdfRef) || dict === null) throw new TypeError('no form');
      const fields = written(dict.entries.get('Fields') ?? []);
      const list = fields.replace(/\]$/, ` ${paper.free} 0 R]`);
      return paper.append({
        [form.num]: withEntries(dict, { Fields: list }),
        [paper.free]: '<</FT /Tx /T (more) /Subtype /Widget /Rect [0 0 0 0]>>',
      });
    },
    'a field was added to the form',
  ],
  'the document information': [
    (paper) => {
      const info = paper.file.last.trailer.entries.get('Info');
      const num = info instanceof PdfRef ? info.num : 0;
      return paper.append({ [num]: '<</Title (Another)>>' });
    },
    'the document information was changed (/Title)',
  ],
  'letters that mean others': [
    (paper) => {
      const resources = paper.file.last.dict(paper.page(0).dict.entries.get('Resources'));
      const fonts = paper.file.last.dict(resources?.entries.get('Font'));
      const objects = [...(fonts?.entries.values() ?? [])].map((font) => {
        const dict = paper.file.last.dict(font);
        if (dict === null) throw new TypeError('no font');
        const { num, text } = paper.stream(dict, 'ToUnicode');
        return [num, streamOf(text.replace(/(<[0-9A-F]{4}> )<0035>/gi, '$1<0037>'))];
      });
      return paper.append(Object.fromEntries(objects) as Record<number, string>);
    },
    'ballots: prints 6 / 7 / 7 / 0, not 6 / 5 / 5 / 0',
  ],
};

function blankPage(paper: Changing): string {
  const { num } = paper.stream(paper.page(1).dict, 'Contents');
  return withEntries(paper.page(0).dict, { Contents: `${num} 0 R` });
}

function annotated(paper: Changing, annotation: string): Uint8Array {
  const { num, dict } = paper.page(0);
  const before = written(paper.file.last.array(dict.entries.get('Annots') ?? null));
  const all = before.replace(/\]$/, ` ${paper.free} 0 R]`);
  return paper.append({ [num]: withEntries(dict, { Annots: all }), [paper.free]: annotation });
}

describe('a paper that was changed after it was signed', () => {
  it.each(Object.entries(CHANGES))('%s', async (_, [change, reason]) => {
    const judged = judge(change(new Changing(meeting)));
    const text = await judged.catch((error: unknown) => `malformed: ${String(error)}`);
    expect(text).toMatch(/^(fails|malformed): /);
    expect(text).toContain(reason);
  });
});

/** What a page shows otherwise than its text says: put before all that it shows. */
const TRICKS: Readonly<Record<string, readonly [string, string]>> = {
  'invisible text': ['3 Tr', 'a text is invisible or an outline'],
  'a clipping path': ['0 0 5 5 re W n', 'a text may be cut off by a clipping path'],
  'something painted over': ['1 g 90 400 200 20 re f', 'something on a page is painted over'],
  'a digit that is drawn': ['90 400 m 90 409 l S', 'drawn on it that is neither text nor rule'],
  'text struck out': [
    Array.from({ length: 80 }, (_, line) => `80 ${line * 10} m 500 ${line * 10} l S`).join(' '),
    'a rule goes through printed text',
  ],
  'text that is mirrored': ['-1 0 0 1 500 0 cm', 'a text is turned or mirrored'],
  'text off the page': ['1 0 0 1 2000 0 cm', 'a text stands outside of it'],
  'tiny text': ['0.3 0 0 0.3 0 0 cm', 'a text is too small to read'],
  'a picture': ['/Im0 Do', 'a picture or another page is put onto a page'],
  'an operator of another kind': ['/P0 sh', 'a page uses sh'],
};

describe('a page that shows something else than its text', () => {
  it.each(Object.entries(TRICKS))('%s', async (_, [before, reason]) => {
    const paper = new Changing(meeting);
    const { num, text } = paper.stream(paper.page(0).dict, 'Contents');
    const changed = paper.append({ [num]: streamOf(`${before}\n${tricked(text, before)}`) });
    expect(await judge(changed)).toContain(reason);
  });
});

describe('a page with other drawings', () => {
  it('a thick line, whose width a graphics state hides', async () => {
    const paper = new Changing(meeting);
    const { num, dict } = paper.page(0);
    const content = paper.stream(dict, 'Contents');
    const resources = paper.file.last.dict(dict.entries.get('Resources') ?? null);
    if (resources === null) throw new RangeError('a page has no resources');
    const Resources = withEntries(resources, { ExtGState: '<< /E << /LW 40 >> >>' });
    const changed = paper.append({
      [num]: withEntries(dict, { Resources }),
      [content.num]: streamOf(`q /E gs 85 700 m 300 700 l S Q\n${content.text}`),
    });
    expect(await judge(changed)).toContain('drawn on it that is neither text nor rule');
  });

  it('no QR code', async () => {
    const paper = new Changing(meeting);
    const { num, text } = paper.stream(paper.page(2).dict, 'Contents');
    const changed = paper.append({ [num]: streamOf(text.replace(/\bB\n/u, 'n\n')) });
    expect(await judge(changed)).toContain('the QR codes say nothing,');
  });
});

/** One sentence each that the paper prints otherwise, and what is said of it. */
const PRINTED: Readonly<Record<string, readonly [string, string, string, string]>> = {
  'another presence': ['meeting', 'cómặt6/7', 'cómặt7/7', 'quorum: prints 7 / 7 / 85,71'],
  'more cases passed': ['counting', 'Có01/03', 'Có02/03', 'cases passed: prints 2 / 3'],
  'a figure a second time': ['counting', 'I.BAN', 'Sốphiếuphátra:9I.BAN', 'issued: prints 9'],
  'another name that passed': ['meeting', ':NguyễnVăn2;', ':NguyễnVăn1;', 'cases that passed'],
  'another teller': ['counting', '1.ĐồngchíThànhviên1', '1.ĐồngchíThànhviên5', 'counting team'],
  'another absentee': ['counting', 'đồngchíThànhviên7', 'đồngchíThànhviên6', 'took no ballot'],
  'another member there': ['meeting', '-Thànhviên5,', '-Thànhviên8,', 'member 5'],
  'another place': ['meeting', 'Địađiểm:HộitrườngA', 'Địađiểm:HộitrườngB', 'place: '],
  'another time': ['meeting', 'đến09giờ30', 'đến09giờ40', 'time of the ballot'],
  'another title': ['meeting', 'HọpHộiđồngxét', 'HọpHộinghịxét', 'title: '],
  'another citation': ['counting', '(Điều6)', '(Điều9)', 'a mark prints another share'],
  'another seal code': ['meeting', 'niêmphong', 'niêmphongcũ', 'cross-check'],
};

describe('a sentence that is not the record’s', () => {
  it.each(Object.entries(PRINTED))('%s', async (_, [kind, from, to, reason]) => {
    const { last } = new PdfFile(kind === 'counting' ? counting : meeting);
    const pages = readPages(last);
    const text = pages.text.replace(from, to);
    expect(text).not.toBe(pages.text);
    const problems = await figureProblems({ ...pages, text }, attachedRecords(last));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(reason);
  });

  it.each([
    [counting, 'UBND', 'UBNDXÃ', 'the heading says “UBNDXÃ'],
    [meeting, '/BB-', '07/BB-', 'the heading says '],
    [meeting, 'Độclập', 'Đạilập', 'beside the issuer stands '],
  ])('another heading', async (data, from, to, reason) => {
    const { last } = new PdfFile(data);
    const pages = readPages(last);
    const [left, right] = pages.heading.map((text) => text.replace(from, to));
    const heading = [left ?? '', right ?? ''] as const;
    expect(heading).not.toEqual(pages.heading);
    const problems = await figureProblems({ ...pages, heading }, attachedRecords(last));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(reason);
  });

  it('another signer’s name', async () => {
    const { last } = new PdfFile(counting);
    const pages = readPages(last);
    const end = pages.end.replace('Thànhviên3', 'Thànhviên8');
    const problems = await figureProblems({ ...pages, end }, attachedRecords(last));
    expect(problems).toEqual(['Thành viên 3 is not printed where the counting team signs']);
  });

  it('rows in another order', async () => {
    const { last } = new PdfFile(meeting);
    const pages = readPages(last);
    const rows = [...pages.rows].reverse();
    const problems = await figureProblems({ ...pages, rows }, attachedRecords(last));
    expect(problems).toEqual(['the rows of a table are not in the order of the list']);
  });

  it('rows of one award apart from each other', async () => {
    const { last } = new PdfFile(counting);
    const pages = readPages(last);
    const records = attachedRecords(last).map(withOneAward);
    const order = 'the rows of a table are not in the order of the list';
    const said = async (places: readonly number[]) => {
      const rows = places.flatMap((place) => pages.rows.slice(place, place + 1));
      return (await figureProblems({ ...pages, rows }, records)).includes(order);
    };
    expect(await said([0, 2, 1])).toBe(false);
    expect(await said([0, 1, 2])).toBe(true);
  });

  it('a row of another figure', async () => {
    const { last } = new PdfFile(meeting);
    const pages = readPages(last);
    const rows = pages.rows.map((row) => row.map((cell) => (cell === '57,14' ? '67,14' : cell)));
    const problems = await figureProblems({ ...pages, rows }, attachedRecords(last));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('row 1 of a table should read');
  });
});

/** The record as if its first and its last case were of one award. */
function withOneAward(record: AttachedRecord): AttachedRecord {
  const { terms } = record.evidence;
  const [{ award = '', rule } = {}] = terms.nominations;
  const nominations = terms.nominations.map((each, place) =>
    place === 2 && rule !== undefined ? { ...each, award, rule } : each,
  );
  const evidence = new Proxy(record.evidence, {
    get: (target, name) =>
      name === 'terms' ? { ...terms, nominations } : (Reflect.get(target, name, target) as unknown),
  });
  return { ...record, evidence };
}

/** typst states the mode of each text: leave that out where the trick sets it. */
function tricked(text: string, before: string): string {
  return before === '3 Tr' ? text.replace(/\b0 Tr\b/g, '') : text;
}

describe('signed bytes', () => {
  it('that were changed', async () => {
    const changed = raw(latin1(meeting).replace('<dc:title>', '<dc:Title>'));
    expect(await judge(changed)).toContain('the signed bytes were changed');
  });

  it('of which a part is left out', async () => {
    const text = latin1(meeting);
    const [, range = ''] = /\/ByteRange (\[0 \d+ \d+ \d+\]) /.exec(text) ?? [];
    const [zero, first, second, rest] = range.match(/\d+/g) ?? [];
    const other = `[${zero} ${first} ${second} ${Number(rest) - 3}]`;
    const changed = raw(text.replace(range, other.padEnd(range.length)));
    expect(await judge(changed)).toContain('it does not cover the whole file as it stood');
  });

  it('of nobody', async () => {
    expect(await judge(upTo(meeting, 0))).toContain('nobody has signed this paper');
  });

  it('of a stranger', async () => {
    const strangers = readPaper('strangers.pem');
    const { report } = await verifyBytes(meeting, 'paper.pdf', { anchors, trust: strangers });
    expect(report.checks[18]?.detail).toContain('not of the issuers given');
    expect(report.checks[20]?.status).toBe('fails');
  });
});

describe('a file that other readers would mend', () => {
  const hidden = raw('999 0 obj\n<</Type /Page>>\nendobj\n');
  const CASES: Readonly<Record<string, Uint8Array>> = {
    'something behind the end': joinBytes(meeting, raw('1 0 obj null endobj')),
    'objects that nothing lists': joinBytes(
      meeting,
      hidden,
      new Changing(meeting).append({}).subarray(meeting.length),
    ),
    'a file cut off': meeting.slice(0, -10),
    'no record attached': raw('%PDF-1.7\n%%EOF\n'),
  };

  it.each(Object.entries(CASES))('%s', async (_, data) => {
    await expect(verifyBytes(data, 'paper.pdf', { anchors })).rejects.toThrow(MalformedInputError);
  });
});

describe('a record that the auditor has from elsewhere', () => {
  let lines: string[] = [];
  let record: Uint8Array;
  beforeAll(() => {
    const [attached] = attachedRecords(new PdfFile(meeting).last);
    const entries = attached?.evidence.placed.map(({ line }) => latin1(line)) ?? [];
    lines = entries;
    record = zipOf([{ name: 'entries.jsonl', data: raw(entries.map((line) => `${line}\n`).join('')) }]);
  });

  const withMinute = (sha256: string): Uint8Array => {
    const minute = `{"paper":"meeting","sha256":"${sha256}","type":"minute"}`;
    const text = [...lines, minute].map((line) => `${line}\n`).join('');
    return zipOf([{ name: 'entries.jsonl', data: raw(text) }]);
  };

  it('of which the attached one is a prefix', async () => {
    expect(await judge(meeting, record)).toContain('a prefix of the one given');
  });

  it('whose log names this paper as it was issued', async () => {
    const issued = upTo(meeting, 0);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', issued.slice().buffer));
    const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(await judge(meeting, withMinute(hex))).toMatch(/^holds: /);
  });

  it('whose log names another paper', async () => {
    const judged = await judge(meeting, withMinute('ab'.repeat(32)));
    expect(judged).toBe('fails: the log of the record given does not name this paper');
  });

  it('of another election', async () => {
    const other = zipOf([{ name: 'entries.jsonl', data: raw(`${lines.slice(1).join('\n')}\n`) }]);
    const judged = await judge(meeting, other);
    expect(judged).toBe('fails: no attached record is a prefix of the record given');
  });
});
