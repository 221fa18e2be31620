/** Requests to the service, and its problem documents (RFC 9457) as errors. */

const API = '/api/v1';
const PROBLEM_PREFIX = 'urn:phieukin:problem:';
const TIME_LIMIT_MS = 30_000;

/** The service refused: `problem` is the name in the document's type. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    /** What happened and what to do, a sentence in each language. */
    readonly sentences: { readonly vi: string; readonly en: string },
    readonly document: Readonly<Record<string, unknown>>,
  ) {
    super(problem);
    this.name = 'ProblemError';
  }
}

/** No answer came: what was asked may or may not have happened, so it must be safe to repeat. */
export class UnreachableError extends Error {
  constructor() {
    super('no answer');
    this.name = 'UnreachableError';
  }
}

/** The login has ended or there is none: log in again, then repeat. */
export function isLoginRequired(error: unknown): boolean {
  return error instanceof ProblemError && error.problem === 'login-required';
}

export type Method = 'GET' | 'POST' | 'PUT';

/** Ask with this device's login. Throws ProblemError, UnreachableError. */
export async function request<Answer>(
  method: Method,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const init: RequestInit = { method, credentials: 'same-origin' };
  if (method !== 'GET') {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body ?? {});
  }
  const response = await ask(API + path, init);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** A text (leaf list, checkpoint, entries) as it is. */
export async function requestText(path: string): Promise<string> {
  return (await ask(API + path, { credentials: 'same-origin' })).text();
}

/** A file's bytes. */
export async function requestBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await ask(API + path, { credentials: 'same-origin' })).arrayBuffer());
}

/** Send a file's bytes and read the JSON that comes back. */
export async function sendFile<Answer>(
  path: string,
  file: Blob | Uint8Array<ArrayBuffer>,
  mediaType: string,
): Promise<Answer> {
  const response = await ask(API + path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': mediaType },
    body: file,
  });
  return (await response.json()) as Answer;
}

/**
 * Ask as nobody: no cookie, no referrer, no cache (protocol.md §5). `origin` is the box's own
 * where it has one, else ''.
 */
export async function requestAnonymously(
  origin: string,
  path: string,
  body?: Uint8Array<ArrayBuffer>,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<string> {
  const init: RequestInit = {
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
  };
  if (body !== undefined) {
    Object.assign(init, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  }
  return (await ask(origin + API + path, init, timeLimitMs)).text();
}

async function ask(
  url: string,
  init: RequestInit,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeLimitMs) });
  } catch {
    throw new UnreachableError();
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<Error> {
  // A proxy without its service answers in its own words: that is no answer of ours.
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem !== true) return new UnreachableError();
  try {
    const document = (await response.json()) as Record<string, unknown>;
    const text = (name: string) => {
      const value = document[name];
      return typeof value === 'string' ? value : '';
    };
    const name = text('type').replace(PROBLEM_PREFIX, '');
    const sentences = { vi: text('detail'), en: text('en') };
    return new ProblemError(response.status, name, sentences, document);
  } catch {
    return new UnreachableError();
  }
}
