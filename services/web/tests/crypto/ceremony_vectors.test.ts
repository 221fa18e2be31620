import { type Reveal, commitmentTo, verifyCeremony, verifyConfirmation }
  from '../../src/crypto/ceremony.ts';
import { fromHex } from '../../src/crypto/encodings.ts';
import { groupByName } from '../../src/crypto/groups/index.ts';
import {
  deriveTrusteeKeys,
  parseSignedMessage,
  receive,
  seal,
  send,
  signedMessageToText,
  signMessage,
  unseal,
} from '../../src/crypto/sealed_messages.ts';
import {
  certificatesMessage,
  electionKey,
  publicShare,
  verifyCertificates,
} from '../../src/crypto/trustee_verification.ts';
import { parseCertificate, parseCoefficients, trusteesToText } from '../../src/crypto/trustees.ts';
import { scriptedScalars } from './scripted_randomness.ts';
import { runVectors } from './vector_file.ts';

interface InGroup {
  group: string;
}

runVectors('ceremony.json', {
  trustee_keys: (given: InGroup & { seed: string }) => {
    const group = groupByName(given.group);
    const keys = deriveTrusteeKeys(group, given.seed);
    return {
      signing: keys.signing.toString(),
      decryption: keys.decryption.toString(),
      verification_key: group.elementToText(group.powerOfGenerator(keys.signing)),
      encryption_key: group.elementToText(group.powerOfGenerator(keys.decryption)),
    };
  },
  sign_message: (given: InGroup & { signing: string; message: string; scalars: string[] }) => {
    const group = groupByName(given.group);
    const random = scriptedScalars(given.scalars);
    const signed = signMessage(group, BigInt(given.signing), given.message, random);
    return { signed_msg: signedMessageToText(signed) };
  },
  seal: (
    given: InGroup & { encryption_key: string; plaintext: string; scalars: string[] },
  ) => {
    const group = groupByName(given.group);
    const key = group.elementFromText(given.encryption_key);
    const random = scriptedScalars(given.scalars);
    return { encrypted_msg: seal(group, key, given.plaintext, random) };
  },
  unseal: (given: InGroup & { decryption: string; encrypted_msg: string }) => {
    const group = groupByName(given.group);
    return { plaintext: unseal(group, BigInt(given.decryption), given.encrypted_msg) };
  },
  send: (
    given: InGroup & {
      signing: string;
      encryption_key: string;
      message: string;
      scalars: string[];
    },
  ) => {
    const group = groupByName(given.group);
    const key = group.elementFromText(given.encryption_key);
    const random = scriptedScalars(given.scalars);
    return { encrypted_msg: send(group, BigInt(given.signing), key, given.message, random) };
  },
  receive: (given: InGroup & { seed: string; sender: string; encrypted_msg: string }) => {
    const group = groupByName(given.group);
    const keys = deriveTrusteeKeys(group, given.seed);
    const sender = group.elementFromText(given.sender);
    return { message: receive(group, keys, sender, given.encrypted_msg) };
  },
  verify_certificates: (given: InGroup & { certificates: string[]; threshold: number }) => {
    verifyCertificates(groupByName(given.group), given.certificates, given.threshold);
    return {};
  },
  certificates_message: (given: InGroup & { certificates: string[]; coefexps: string[] }) => {
    const group = groupByName(given.group);
    const certificates = given.certificates.map((each) => parseCertificate(group, each));
    return { message: certificatesMessage(certificates, given.coefexps) };
  },
  commitment: (given: {
    uuid: string;
    index: number;
    certificates_root: string;
    message: string;
  }) => {
    const root = fromHex(given.certificates_root);
    return { commitment: commitmentTo(given.uuid, given.index, root, given.message) };
  },
  public_share: (
    given: InGroup & { coefexps: string[]; threshold: number; index: number },
  ) => {
    const group = groupByName(given.group);
    const coefficients = given.coefexps.map((each) =>
      parseCoefficients(group, parseSignedMessage(group, each), given.threshold),
    );
    const share = publicShare(group, coefficients, given.index);
    return { public_key: group.elementToText(share) };
  },
  verify_ceremony: (
    given: InGroup & {
      uuid: string;
      threshold: number;
      certificates: string[];
      certificates_root: string;
      commitments: string[];
      reveals: Reveal[];
      keys: string[];
    },
  ) => {
    const group = groupByName(given.group);
    const certificatesRoot = fromHex(given.certificates_root);
    const team = verifyCeremony(group, { ...given, certificatesRoot });
    return {
      election_key: group.elementToText(electionKey(group, [team])),
      trustees: trusteesToText(group, [team]),
    };
  },
  verify_confirmation: (
    given: InGroup & {
      certificate: string;
      index: number;
      phi: string;
      election_root: string;
      confirmation: string;
    },
  ) => {
    const group = groupByName(given.group);
    const certificate = parseCertificate(group, given.certificate);
    const root = fromHex(given.election_root);
    const { index, phi, confirmation } = given;
    verifyConfirmation(group, certificate, index, phi, root, confirmation);
    return {};
  },
});
