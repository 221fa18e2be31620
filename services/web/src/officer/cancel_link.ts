/**
 * How the secretary hands a cancellation to the presiding officer's phone: a link behind whose `#`
 * stand the election and the reason's text. It is no secret and proves nothing: the phone shows the
 * text, and only its own signature counts (protocol.md §1 "Cancelled").
 */
import * as base64url from '../schemas/base64url.ts';

/** What the presiding officer is asked to sign. */
export interface ProposedCancellation {
  uuid: string;
  /** As log and minute will say it. */
  text: string;
}

const PLACE = /^\/cancel\/([1-9A-HJ-NP-Za-km-z]{14,32})\/([A-Za-z0-9_-]{2,8000})$/;

/** The link for the presiding officer's phone. */
export function cancelLink(origin: string, proposed: ProposedCancellation): string {
  const text = base64url.encode(new TextEncoder().encode(proposed.text));
  return `${origin}/officer#/cancel/${proposed.uuid}/${text}`;
}

/** Read the place behind `#`; null if it is none of a cancellation or is broken. */
export function readCancelPlace(place: string): ProposedCancellation | null {
  const [, uuid, encoded] = PLACE.exec(place) ?? [];
  if (uuid === undefined || encoded === undefined) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(encoded));
    return text === '' || text !== text.normalize('NFC') ? null : { uuid, text };
  } catch {
    return null;
  }
}
