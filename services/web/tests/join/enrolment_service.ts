/**
 * The service's side of an invitation in memory, by the rules of services/council/enrolling.py:
 * a code takes one key, the same key again gets the same answer. Answers can be lost on their way.
 */
interface Invited {
  id: string;
  name: string;
  council: string | null;
  role: 'member' | 'secretary';
  usedBy: string | null;
  isExpired: boolean;
}

type Answer = readonly [status: number, body: unknown];

export class EnrolmentService {
  readonly invitations = new Map<string, Invited>();
  /** The owner of every key that ever was somebody's, by SPKI. */
  readonly owners = new Map<string, string>();
  /** Every enrolment that arrived, lost answers included. */
  readonly enrolments: { code: string; spki: string; kind: string }[] = [];
  /** `request`: it never arrives; `answer`: it does, but its answer is lost. Once. */
  lose: 'request' | 'answer' | null = null;

  invite(code: string, id: string, name: string, council: string | null = 'Hội đồng A'): void {
    const role = council === null ? 'secretary' : 'member';
    this.invitations.set(code, { id, name, council, role, usedBy: null, isExpired: false });
  }

  expire(code: string): void {
    const found = this.invitations.get(code);
    if (found !== undefined) found.isExpired = true;
  }

  /** In the place of `fetch`. */
  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const body = JSON.parse(String(init.body ?? '{}')) as Record<string, string>;
    const path = url.replace('/api/v1', '');
    const isEnrolment = path === '/enrolments';
    if (isEnrolment && this.#loses('request')) throw new TypeError('network');
    const [status, answer] = this.#answer(path, body);
    if (isEnrolment && this.#loses('answer')) throw new TypeError('network');
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(answer), { status, headers: { 'content-type': type } });
  };

  #loses(what: 'request' | 'answer'): boolean {
    const does = this.lose === what;
    if (does) this.lose = null;
    return does;
  }

  #answer(path: string, body: Record<string, string>): Answer {
    if (path === '/service') return [200, { rp_id: 'localhost' }];
    const code = body['code'] ?? '';
    const found = this.invitations.get(code);
    if (path === '/enrolments/inspect') return this.#inspect(found);
    if (path === '/enrolments') {
      const { spki = '', kind = '' } = body;
      this.enrolments.push({ code, spki, kind });
      return this.#enrol(found, spki);
    }
    return problem(404, 'not-found');
  }

  #inspect(found: Invited | undefined): Answer {
    if (found === undefined) return problem(404, 'invitation-unknown');
    if (found.usedBy !== null) return problem(409, 'invitation-used');
    if (found.isExpired) return problem(409, 'invitation-expired');
    return [200, { name: found.name, ...councilName(found) }];
  }

  #enrol(found: Invited | undefined, spki: string): Answer {
    if (found === undefined) return problem(404, 'invitation-unknown');
    if (found.usedBy !== null && found.usedBy !== spki) return problem(409, 'invitation-used');
    if (found.usedBy === null) {
      if (found.isExpired) return problem(409, 'invitation-expired');
      const owner = this.owners.get(spki);
      if (owner !== undefined && owner !== found.id) return problem(409, 'device-key-taken');
      this.owners.set(spki, found.id);
      found.usedBy = spki;
    }
    return [200, { id: found.id, name: found.name, roles: [found.role], ...councilName(found) }];
  }
}

function councilName({ council }: Invited): { council_name?: string } {
  return council === null ? {} : { council_name: council };
}

function problem(status: number, name: string): Answer {
  return [status, { type: `urn:phieukin:problem:${name}`, status, detail: name, en: name }];
}
