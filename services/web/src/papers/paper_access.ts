/** Everything that the pages of papers ask of the service. */
import { request, requestBytes, sendFile } from '../api/client.ts';
import type {
  CopyKind,
  CopyView,
  ExtractsView,
  PaperView,
  SignatureRequestView,
} from '../api/types.ts';

type FileBytes = Uint8Array<ArrayBuffer>;

/** Those that stand, then those that were replaced, as the service orders them. */
export async function listPapers(meetingId: string): Promise<PaperView[]> {
  const { papers } = await request<{ papers: PaperView[] }>('GET', `/meetings/${meetingId}/papers`);
  return papers;
}

/** The latest file with all signatures so far: what the next person signs. */
export function paperFile(id: string): Promise<FileBytes> {
  return requestBytes(`/papers/${id}/file`);
}

/** Bring a signed file back; the service checks the signature and says what is wrong with it. */
export function bringBack(id: string, file: Blob): Promise<PaperView> {
  return sendFile(`/papers/${id}/signatures`, file, 'application/pdf');
}

/** The secretary has made sure whose certificate waits at a field; `sha256` is what was shown. */
export function confirmSigner(id: string, field: string, sha256: string): Promise<PaperView> {
  const path = `/papers/${id}/signatures/${field}/confirmation`;
  return request('POST', path, { certificate: sha256 });
}

/** It is another person's: what waits is dropped, and the field can be signed anew. */
export function refuseSigner(id: string, field: string, sha256: string): Promise<PaperView> {
  return request('POST', `/papers/${id}/signatures/${field}/refusal`, { certificate: sha256 });
}

/** Write number and day (`YYYY-MM-DD`) into their fields. */
export function giveNumber(id: string, number: string, date: string): Promise<PaperView> {
  return request('PUT', `/papers/${id}/number`, { number, date });
}

/** Ask for what must be signed; certificates are DER in Base64, the signer's first. */
export function askToSign(
  id: string,
  field: string,
  certificates: readonly string[],
  picture: string | null,
): Promise<SignatureRequestView> {
  return request('POST', `/papers/${id}/signature-requests`, { field, certificates, picture });
}

/** Hand in the signature value (Base64) that was made over the signed attributes. */
export function answerToSign(requestId: string, signature: string): Promise<PaperView> {
  return request('POST', `/signature-requests/${requestId}`, { signature });
}

/**
 * Keep a file beside the paper: it counts as no signature. `mediaType`: PDF, PNG or JPEG; `code`:
 * the seal code printed on a scan whose QR code cannot be read.
 */
export function uploadCopy(
  id: string,
  kind: CopyKind,
  file: Blob,
  mediaType: string,
  code = '',
): Promise<CopyView> {
  const typed = code === '' ? '' : `/${encodeURIComponent(code)}`;
  const path = kind === 'copy' ? '/copies' : `/scans${typed}`;
  return sendFile(`/papers/${id}${path}`, file, mediaType);
}

export function copyFile(id: string, copyId: string): Promise<FileBytes> {
  return requestBytes(`/papers/${id}/copies/${copyId}/file`);
}

/** The paper stands as signed by hand on this scan. */
export function finishByHand(id: string, copyId: string): Promise<PaperView> {
  return request('POST', `/papers/${id}/hand-signed`, { copy: copyId });
}

/** The election record that the paper's figures come from. */
export function recordFile(id: string): Promise<FileBytes> {
  return requestBytes(`/papers/${id}/record`);
}

/** The paper's text to copy from, without legal value. */
export function textCopy(id: string): Promise<FileBytes> {
  return requestBytes(`/papers/${id}/text-copy`);
}

/** An extract for each award file. */
export function listExtracts(id: string): Promise<ExtractsView> {
  return request('GET', `/papers/${id}/extracts`);
}

export function extractFile(id: string, no: number): Promise<FileBytes> {
  return requestBytes(`/papers/${id}/extracts/${no}/file`);
}

/** The list that goes with the submission, of who passed. */
export function submissionList(meetingId: string): Promise<FileBytes> {
  return requestBytes(`/meetings/${meetingId}/submission-list`);
}
