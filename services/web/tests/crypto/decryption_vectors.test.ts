// Both groups.
import '../../src/crypto/groups/index.ts';

import { parseBallot } from '../../src/crypto/ballots.ts';
import { loads } from '../../src/crypto/belenios_json.ts';
import {
  combine,
  decryptPartially,
  parsePartialDecryption,
  parseSecondProof,
  type Statement,
  verifyPartialDecryption,
  verifyPartialDecryptionsAgree,
} from '../../src/crypto/decryption.ts';
import { type Election, parseElection } from '../../src/crypto/elections.ts';
import { fromHex } from '../../src/crypto/encodings.ts';
import { CryptoError, PartialDecryptionError } from '../../src/crypto/errors.ts';
import { type Proof, type ProofTexts, proofToJson } from '../../src/crypto/proofs.ts';
import {
  type EncryptedTally,
  encryptTally,
  type Factors,
  openTally,
  resultToText,
  tallyToText,
} from '../../src/crypto/tally.ts';
import { scriptedScalars } from './scripted_randomness.ts';
import { runVectors } from './vector_file.ts';

interface TallyInput {
  election: string;
  encrypted_tally: string;
}
interface StatementInput extends TallyInput {
  board_root: string;
  trustee: number;
  public_key: string;
}
interface OpeningInput extends TallyInput {
  threshold: number;
  partial_decryptions: Record<string, string>;
}

function tallyOf(election: Election, text: string): EncryptedTally {
  const rows = loads(text) as { alpha: string; beta: string }[][];
  const read = (element: string): ReturnType<typeof election.group.elementFromText> =>
    election.group.elementFromText(element);
  return rows.map((row) =>
    row.map(({ alpha, beta }) => ({ alpha: read(alpha), beta: read(beta) })),
  );
}

function statementOf(given: StatementInput): Statement {
  const election = parseElection(given.election);
  return {
    election,
    tally: tallyOf(election, given.encrypted_tally),
    boardRoot: fromHex(given.board_root),
    trustee: given.trustee,
    publicKey: election.group.elementFromText(given.public_key),
  };
}

function secondProofOf(statement: Statement, texts: ProofTexts | null): Proof | null {
  if (texts === null) return null;
  try {
    return parseSecondProof(statement.election.group, texts.challenge, texts.response);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    throw new PartialDecryptionError(statement.trustee, error.message);
  }
}

function factorsOf(given: OpeningInput): Map<number, Factors> {
  const election = parseElection(given.election);
  const tally = tallyOf(election, given.encrypted_tally);
  return new Map(
    Object.entries(given.partial_decryptions).map(([trustee, text]) => [
      Number(trustee),
      parsePartialDecryption(election.group, tally, text).factors,
    ]),
  );
}

runVectors('decryption.json', {
  encrypted_tally: (given: { election: string; ballots: string[]; weights?: number[] }) => {
    const election = parseElection(given.election);
    const ballots = given.ballots.map((text) => parseBallot(election, text));
    const tally = encryptTally(election, ballots, given.weights?.map(BigInt));
    return { encrypted_tally: tallyToText(election.group, tally) };
  },
  decrypt_partially: (given: StatementInput & { secret: string; nonces: string[] }) => {
    const random = scriptedScalars(given.nonces);
    const made = decryptPartially(statementOf(given), BigInt(given.secret), random);
    return { partial_decryption: made.text, second_proof: proofToJson(made.secondProof) };
  },
  verify_partial_decryption: (
    given: StatementInput & { partial_decryption: string; second_proof: ProofTexts | null },
  ) => {
    const statement = statementOf(given);
    const second = secondProofOf(statement, given.second_proof);
    verifyPartialDecryption(statement, given.partial_decryption, second);
    return {};
  },
  verify_agreement: (given: OpeningInput) => {
    const { group } = parseElection(given.election);
    verifyPartialDecryptionsAgree(group, given.threshold, factorsOf(given));
    return {};
  },
  result: (given: OpeningInput & { ballots: number }) => {
    const election = parseElection(given.election);
    const { group } = election;
    const tally = tallyOf(election, given.encrypted_tally);
    const combined = combine(group, given.threshold, factorsOf(given));
    return { result: resultToText(openTally(group, tally, combined, given.ballots)) };
  },
});
