/**
 * What can be wrong with bytes from outside, in the words of the protocol.
 *
 * Messages are constant texts and public numbers: no secret and no input is ever put into one.
 */

/** Something was refused; every error of this library derives from it. */
export class CryptoError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** Not of the exact form: JSON, encoding, number syntax, length. */
export class MalformedError extends CryptoError {}

/** An element is not in the group of prime order, or is neutral where that is refused. */
export class MembershipError extends CryptoError {}

/** A scalar is not in 0 <= n < q. */
export class ScalarRangeError extends CryptoError {}

/** A zero-knowledge proof does not hold. */
export class ProofError extends CryptoError {}

/** A signature does not hold. */
export class SignatureError extends CryptoError {}

/** A ballot token, or a step of its blind signing, is not valid. */
export class TokenError extends CryptoError {}

/** A leaf is not shown to be in the tree. */
export class InclusionProofError extends CryptoError {}

/** A tree is not shown to be a prefix of another. */
export class ConsistencyProofError extends CryptoError {}

/** A signed note, checkpoint, promise or log proof is not of the exact form. */
export class NoteError extends CryptoError {}

/** A Belenios archive is not of the exact form. */
export class ArchiveError extends CryptoError {}

/** The object belongs to another election. */
export class ElectionMismatchError extends CryptoError {}

/** A contribution of a trustee is refused; `trustee` is the sender's index, from 1. */
export class TrusteeError extends CryptoError {
  readonly trustee: number;
  readonly reason: string;

  constructor(trustee: number, reason: string) {
    super(`trustee ${trustee}: ${reason}`);
    this.trustee = trustee;
    this.reason = reason;
  }
}

/** A partial decryption is refused; `trustee` made it. */
export class PartialDecryptionError extends TrusteeError {}

/** Partial decryptions are too few or disagree; `trustees` is the set in question. */
export class ThresholdError extends CryptoError {
  readonly trustees: readonly number[];
  readonly reason: string;

  constructor(trustees: readonly number[], reason: string) {
    super(`trustees ${trustees.join(', ')}: ${reason}`);
    this.trustees = [...trustees];
    this.reason = reason;
  }
}
