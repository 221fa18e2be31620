/** Papers of a meeting: fetching them, taking the file to sign, bringing it back signed. */
import { request, requestBytes, sendFile } from '../api/client.ts';
import type { PaperView } from '../api/types.ts';

/** Those that stand, then those that were replaced, as the service orders them. */
export async function listPapers(meetingId: string): Promise<PaperView[]> {
  const { papers } = await request<{ papers: PaperView[] }>('GET', `/meetings/${meetingId}/papers`);
  return papers;
}

/** The latest file with all signatures so far: what the next person signs. */
export function paperFile(id: string): Promise<Uint8Array<ArrayBuffer>> {
  return requestBytes(`/papers/${id}/file`);
}

/** Bring a signed file back; the service checks the signature and says what is wrong with it. */
export function bringBack(id: string, file: Blob): Promise<PaperView> {
  return sendFile(`/papers/${id}/signatures`, file, 'application/pdf');
}

/** A name that says what the file is, in ASCII for every mail program. */
export function paperFileName(paper: PaperView): string {
  const kind = paper.kind === 'counting' ? 'bien-ban-kiem-phieu' : 'bien-ban-hop';
  return `${kind}-${paper.sha256.slice(0, 8)}.pdf`;
}

/** Whether `member` has a field of this paper that is still empty. */
export function mustSign(paper: PaperView, member: number | null): boolean {
  return (
    paper.state === 'signing' &&
    paper.fields.some((field) => field.member === member && !field.signed)
  );
}
