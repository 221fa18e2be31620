import { afterEach, describe, expect, it, vi } from 'vitest';

import { ProblemError } from '../../src/api/client.ts';
import type { PaperView } from '../../src/api/types.ts';
import {
  answerToSign,
  askToSign,
  bringBack,
  confirmSigner,
  finishByHand,
  giveNumber,
  listPapers,
  refuseSigner,
  uploadCopy,
} from '../../src/papers/paper_access.ts';
import { PDF } from '../../src/papers/paper_file_names.ts';
import {
  fieldsDue,
  fieldsWaiting,
  isNumberDue,
  isSignedByHand,
} from '../../src/papers/signing_order.ts';
import { countingMinute, meetingMinute, SIGNER } from './papers.ts';
import { PapersService } from './papers_service.ts';

function serve(paper: PaperView): PapersService {
  const service = new PapersService(paper);
  vi.stubGlobal('fetch', service.fetch);
  return service;
}

afterEach(() => vi.unstubAllGlobals());

const file = (name: string) => new Blob([name], { type: PDF });
const due = (paper: PaperView) => fieldsDue(paper).map((field) => field.name);

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (!(error instanceof ProblemError)) throw new Error('not refused');
  return error.problem;
}

describe('the papers of a meeting', () => {
  it('are signed to the end in their order, each certificate confirmed once', async () => {
    const service = serve(meetingMinute());
    const sign = async (name: string) => {
      expect(due(service.paper)).toEqual([name]);
      const sent = await bringBack('meeting', file(name));
      expect(fieldsWaiting(sent).map((field) => field.name)).toEqual([name]);
      return confirmSigner('meeting', name, SIGNER.sha256);
    };
    await sign('secretary');
    const both = await sign('presiding');
    expect([both.state, isNumberDue(both)]).toEqual(['signed', true]);
    expect(await refusal(bringBack('meeting', file('agency')))).toBe('paper-wrong-order');
    const given = await giveNumber('meeting', '07', '2026-12-16');
    expect([given.number, given.date]).toEqual(['07', '2026-12-16']);
    const issued = await sign('agency');
    expect([issued.state, due(issued)]).toEqual(['issued', []]);
  });

  it('are listed as the service orders them', async () => {
    serve(countingMinute());
    expect((await listPapers('m')).map((paper) => paper.id)).toEqual(['counting']);
  });

  it('are sent as they are, with their media type', async () => {
    const service = serve(countingMinute());
    await bringBack('counting', file('teller-2'));
    expect(service.heard).toEqual([
      { method: 'POST', path: '/papers/counting/signatures', type: PDF, body: 'teller-2' },
    ]);
  });
});

describe('a certificate', () => {
  it('of somebody else is dropped, and the field is signed anew', async () => {
    const service = serve(countingMinute());
    await bringBack('counting', file('teller-1'));
    expect(due(service.paper)).toEqual([]);
    const after = await refuseSigner('counting', 'teller-1', SIGNER.sha256);
    expect(due(after)).toEqual(['teller-1', 'teller-2']);
  });

  it('is confirmed as it was shown, not as it is now', async () => {
    serve(countingMinute());
    await bringBack('counting', file('teller-1'));
    const other = '55'.repeat(32);
    expect(await refusal(confirmSigner('counting', 'teller-1', other))).toBe('paper-nothing-waits');
  });
});

describe('hash out, signature in', () => {
  it('asks with the certificates and answers with the value', async () => {
    const service = serve(countingMinute());
    const asked = await askToSign('counting', 'teller-1', ['MIIB'], null);
    expect(asked.digest).toHaveLength(64);
    const view = await answerToSign(asked.id, 'AAAA');
    expect(fieldsWaiting(view)).toHaveLength(1);
    expect(service.heard.map((each) => [each.path, JSON.parse(each.body)])).toEqual([
      [
        '/papers/counting/signature-requests',
        { field: 'teller-1', certificates: ['MIIB'], picture: null },
      ],
      ['/signature-requests/teller-1', { signature: 'AAAA' }],
    ]);
  });
});

describe('a copy', () => {
  it('that is no increment is refused as signed, and can be kept', async () => {
    const service = serve(meetingMinute());
    expect(await refusal(bringBack('meeting', file('flattened')))).toBe('paper-not-increment');
    const copy = await uploadCopy('meeting', 'copy', file('flattened'), PDF);
    expect(service.heard.at(-1)).toMatchObject({
      path: '/papers/meeting/copies',
      body: 'flattened',
    });
    expect(await refusal(finishByHand('meeting', copy.id))).toBe('hand-signed-copy-only');
  });

  it('whose QR code is unreadable is taken with the seal code typed', async () => {
    const service = serve(meetingMinute());
    const send = (code?: string) =>
      uploadCopy('meeting', 'hand_signed', file('blurred'), 'image/jpeg', code);
    expect(await refusal(send())).toBe('copy-code-missing');
    expect((await send('4K7P-9X2M')).kind).toBe('hand_signed');
    expect(service.heard.at(-1)?.path).toBe('/papers/meeting/scans/4K7P-9X2M');
  });

  it('signed by hand finishes the paper, and nobody signs it otherwise', async () => {
    serve(meetingMinute());
    const scan = await uploadCopy('meeting', 'hand_signed', file('scan'), 'image/png');
    const view = await finishByHand('meeting', scan.id);
    expect(isSignedByHand(view)).toBe(true);
    expect([due(view), isNumberDue(view)]).toEqual([[], false]);
  });
});
