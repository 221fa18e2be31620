/** Names of downloads that say what the file is, in ASCII for every mail program. */
import type { CopyView, PaperView } from '../api/types.ts';

export const PDF = 'application/pdf';
export const ZIP = 'application/zip';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** What a scan may be, with the ending of its name. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
};

/** The media type of a scan, as the browser says it; null when it can be none. */
export function scanKind(type: string): string | null {
  return Object.hasOwn(ENDINGS, type) ? type : null;
}

/** `bien-ban-hop-1a2b3c4d` of the paper that begins with that hash. */
function stem(paper: Pick<PaperView, 'kind' | 'sha256'>): string {
  const kind = paper.kind === 'counting' ? 'bien-ban-kiem-phieu' : 'bien-ban-hop';
  return `${kind}-${paper.sha256.slice(0, 8)}`;
}

export function paperFileName(paper: PaperView): string {
  return `${stem(paper)}.pdf`;
}

export function copyFileName(paper: PaperView, copy: CopyView): string {
  const kind = copy.kind === 'copy' ? 'ban-sao' : 'ban-ky-tay';
  const ending = ENDINGS[copy.media_type] ?? 'bin';
  return `${stem(paper)}-${kind}-${copy.sha256.slice(0, 8)}.${ending}`;
}

export function recordFileName(paper: PaperView): string {
  return `${stem(paper)}-ho-so.zip`;
}

export function textCopyName(paper: PaperView): string {
  return `${stem(paper)}-chep-chu.docx`;
}

export function extractFileName(paper: PaperView, no: number): string {
  return `trich-${stem(paper)}-${String(no).padStart(2, '0')}.pdf`;
}

export const SUBMISSION_LIST_NAME = 'danh-sach-kem-to-trinh.xlsx';
