/** Requests of the console: a login that has ended is renewed with this device's key, once. */
import { isLoginRequired, type Method, request, sendFile } from '../api/client.ts';
import type { Identity } from '../device/database.ts';
import { logIn } from '../device/login.ts';

let actor: Identity | null = null;

/** Whose key logs in again; set when the console opens. */
export function actAs(identity: Identity): void {
  actor = identity;
}

/** Ask as the secretary. Throws ProblemError, UnreachableError, NotTouchedError. */
export async function ask<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  return withLogin(() => request<Answer>(method, path, body));
}

/** Send a file as the secretary. Throws as `ask` does. */
export async function askWithFile<Answer>(
  path: string,
  file: Blob,
  mediaType: string,
): Promise<Answer> {
  return withLogin(() => sendFile<Answer>(path, file, mediaType));
}

async function withLogin<Answer>(asking: () => Promise<Answer>): Promise<Answer> {
  try {
    return await asking();
  } catch (error) {
    if (!isLoginRequired(error) || actor === null) throw error;
    actor = await logIn(actor);
    return asking();
  }
}
