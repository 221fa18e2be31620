/** Elections for tests: a key that the test knows, and nominations to agree with or not. */

import { dumps } from '../../src/crypto/belenios_json.ts';
import { type Election, parseElection } from '../../src/crypto/elections.ts';
import type { Element, Group } from '../../src/crypto/groups/index.ts';

/** Secret key of `agreeElection`, unless another public key is given. */
export const SECRET_KEY = 6210279n;

/** An election of so many nominations, with the uuid of the vectors. */
export function agreeElection(
  group: Group,
  nominations: number,
  publicKey: Element = group.powerOfGenerator(SECRET_KEY),
  uuid = '2MoJPRgWzLnoyF',
): Election {
  const questions = Array.from({ length: nominations }, (_, number) => ({
    answers: ['Đồng ý', 'Không đồng ý'],
    min: 0,
    max: 1,
    question: `${number + 1}. Nguyễn Văn An (LĐTT)`,
  }));
  const text = dumps({
    version: 1,
    description: `phieukin/terms/1 ${'0'.repeat(64)}`,
    name: 'Hội đồng Thi đua - Khen thưởng',
    group: group.name,
    public_key: group.elementToText(publicKey),
    questions,
    uuid,
  });
  return parseElection(text);
}
