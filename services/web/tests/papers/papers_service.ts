/**
 * The papers' endpoints in memory, by the rules of services/minutes: order of signing, certificates
 * confirmed once, number and day once, copies beside the paper. Signatures are names of fields here.
 */
import type { CopyView, PaperView, SignatureRequestView } from '../../src/api/types.ts';
import { fieldsDue, isNumberDue } from '../../src/papers/signing_order.ts';
import { SIGNER } from './papers.ts';

type Answer = readonly [status: number, body: unknown];

export class PapersService {
  /** Requests as they came: method, path and body. */
  readonly heard: { method: string; path: string; type: string; body: string }[] = [];
  readonly #confirmed = new Set<string>();

  constructor(public paper: PaperView) {}

  /** In the place of `fetch`. */
  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    const path = url.replace('/api/v1', '');
    const body = await new Response(init.body ?? null).text();
    const type = new Headers(init.headers).get('content-type') ?? '';
    this.heard.push({ method, path, type, body });
    const [status, answer] = this.#answer(method, path, body);
    const kind = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(answer), { status, headers: { 'content-type': kind } });
  };

  #answer(method: string, path: string, body: string): Answer {
    const own = path.replace(`/papers/${this.paper.id}`, '');
    if (path === '/meetings/m/papers') return [200, { papers: [this.paper] }];
    if (method === 'POST' && own === '/signatures') return this.#sign(body);
    if (method === 'PUT' && own === '/number') return this.#number(body);
    if (own === '/signature-requests') return [200, this.#request(body)];
    if (path.startsWith('/signature-requests/')) return this.#sign(path.split('/').at(-1) ?? '');
    const judged = /^\/signatures\/([a-z0-9-]+)\/(confirmation|refusal)$/.exec(own);
    if (judged !== null) return this.#judge(judged[1] ?? '', judged[2] ?? '', body);
    const copied = /^\/(copies|scans)(\/.+)?$/.exec(own);
    if (method === 'POST' && copied !== null) {
      const isBlurred = body === 'blurred' && copied[2] === undefined;
      if (isBlurred) return problem(400, 'copy-code-missing');
      return [201, this.#keep(copied[1] === 'copies' ? 'copy' : 'hand_signed')];
    }
    if (own === '/hand-signed') return this.#finishByHand(body);
    return problem(404, 'not-found');
  }

  /** `name` is the field that the file, or the request, signs. */
  #sign(name: string): Answer {
    if (!this.paper.fields.some((field) => field.name === name)) {
      return problem(400, 'paper-not-increment');
    }
    if (!fieldsDue(this.paper).some((field) => field.name === name)) {
      return problem(409, 'paper-wrong-order');
    }
    if (this.#confirmed.has(name)) this.#accept(name);
    else this.#change(name, { waiting: SIGNER });
    return [200, this.paper];
  }

  #judge(name: string, judgement: string, body: string): Answer {
    const { certificate } = JSON.parse(body) as { certificate: string };
    const waiting = this.paper.fields.find((field) => field.name === name)?.waiting;
    if (waiting?.sha256 !== certificate) return problem(409, 'paper-nothing-waits');
    if (judgement === 'refusal') this.#change(name, { waiting: null });
    else {
      this.#confirmed.add(name);
      this.#accept(name);
    }
    return [200, this.paper];
  }

  #number(body: string): Answer {
    if (!isNumberDue(this.paper)) return problem(409, 'paper-wrong-order');
    this.paper = { ...this.paper, ...(JSON.parse(body) as { number: string; date: string }) };
    return [200, this.paper];
  }

  #request(body: string): SignatureRequestView {
    const { field } = JSON.parse(body) as { field: string };
    return {
      id: field,
      field,
      digest_algorithm: 'sha256',
      signed_attributes: 'MQA=',
      digest: '44'.repeat(32),
      expires_at: '2026-12-16T10:15:00+07:00',
    };
  }

  #keep(kind: CopyView['kind']): CopyView {
    const copy = {
      id: `copy-${(this.paper.copies ?? []).length + 1}`,
      kind,
      sha256: '33'.repeat(32),
      media_type: 'application/pdf',
      size: 2048,
      matched: kind === 'hand_signed',
    };
    this.paper = { ...this.paper, copies: [...(this.paper.copies ?? []), copy] };
    return copy;
  }

  #finishByHand(body: string): Answer {
    const { copy } = JSON.parse(body) as { copy: string };
    const found = this.paper.copies?.find((each) => each.id === copy);
    if (found?.kind !== 'hand_signed') return problem(409, 'hand-signed-copy-only');
    this.paper = { ...this.paper, state: 'signed', hand_signed: copy };
    return [200, this.paper];
  }

  #accept(name: string): void {
    this.#change(name, { signed: true, signer: SIGNER, waiting: null });
    const members = this.paper.fields.filter((field) => field.member !== null);
    if (members.every((field) => field.signed)) this.paper = { ...this.paper, state: 'signed' };
    if (this.paper.fields.every((field) => field.signed) && this.paper.kind === 'meeting') {
      this.paper = { ...this.paper, state: 'issued' };
    }
  }

  #change(name: string, change: Partial<PaperView['fields'][number]>): void {
    const fields = this.paper.fields.map((field) =>
      field.name === name ? { ...field, ...change } : field,
    );
    this.paper = { ...this.paper, fields };
  }
}

function problem(status: number, name: string): Answer {
  const sentence = { detail: `vi ${name}`, en: `en ${name}` };
  return [status, { type: `urn:phieukin:problem:${name}`, status, ...sentence }];
}
