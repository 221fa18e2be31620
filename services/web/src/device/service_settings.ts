/** What this service says of itself before anybody has logged in. */
import { request } from '../api/client.ts';
import type { ServiceView } from '../api/types.ts';

let asked: Promise<ServiceView> | undefined;

/** `GET /service`, once a page. Throws UnreachableError. */
export function serviceSettings(): Promise<ServiceView> {
  asked ??= request<ServiceView>('GET', '/service').catch((error: unknown) => {
    asked = undefined;
    throw error;
  });
  return asked;
}
