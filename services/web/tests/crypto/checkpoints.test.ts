import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';

import {
  checkpointText,
  logProofToText,
  noteKeyId,
  noteKeyOf,
  noteKeyToText,
  noteKey,
  openNote,
  parseNote,
  parseNoteKey,
  promiseText,
  signCheckpoint,
  signNote,
  signPromise,
  verifyCheckpoint,
  verifyLogProof,
  verifyPromise,
} from '../../src/crypto/checkpoints.ts';
import {
  bytesOfNumber,
  bytesOfText,
  fromHex,
  joinBytes,
  numberOfBytes,
  toBase64,
  toHex,
} from '../../src/crypto/encodings.ts';
import { runVectors } from './vector_file.ts';

const signerOf = (given: { name: string; seed: string }) => ({
  name: given.name,
  seed: fromHex(given.seed),
});

runVectors('notes.json', {
  note_key: (given: { name: string; seed: string }) => {
    const key = noteKeyOf(signerOf(given));
    return {
      public_key: toHex(key.publicKey),
      key_id: toHex(noteKeyId(key)),
      vkey: noteKeyToText(key),
    };
  },
  parse_note_key: (given: { vkey: string }) => {
    const key = parseNoteKey(given.vkey);
    expect(noteKeyToText(key)).toBe(given.vkey);
    return { name: key.name, public_key: toHex(key.publicKey) };
  },
  sign_note: (given: { name: string; seed: string; text: string }) => ({
    note: signNote(given.text, signerOf(given)),
  }),
  checkpoint_text: (given: { origin: string; size: number; root: string }) => ({
    text: checkpointText({
      origin: given.origin,
      head: { size: given.size, root: fromHex(given.root) },
    }),
  }),
  verify_checkpoint: (given: { note: string; vkey: string }) => {
    const { origin, head } = verifyCheckpoint(given.note, parseNoteKey(given.vkey));
    return { origin, size: head.size, root: toHex(head.root) };
  },
  promise_text: (given: { uuid: string; phi: string; tracker: string }) => ({
    text: promiseText({ uuid: given.uuid, phi: given.phi, tracker: fromHex(given.tracker) }),
  }),
  verify_promise: (given: { note: string; vkey: string }) => {
    const { uuid, phi, tracker } = verifyPromise(given.note, parseNoteKey(given.vkey));
    return { uuid, phi, tracker: toHex(tracker) };
  },
  log_proof: (given: { leaf_index: number; path: string[]; checkpoint_note: string }) => ({
    text: logProofToText({
      index: given.leaf_index,
      path: given.path.map(fromHex),
      checkpointNote: given.checkpoint_note,
    }),
  }),
  verify_log_proof: (given: { text: string; leaf_hash: string; vkey: string }) => {
    const key = parseNoteKey(given.vkey);
    const { head } = verifyLogProof(given.text, fromHex(given.leaf_hash), key);
    return { size: head.size, root: toHex(head.root) };
  },
});

const refusal = (name: string): unknown => expect.objectContaining({ name });

describe('a signed note', () => {
  const signer = { name: 'bau.example.vn/2MoJPRgWzLnoyF', seed: new Uint8Array(32).fill(7) };
  const key = noteKeyOf(signer);
  const text = 'bau.example.vn/2MoJPRgWzLnoyF\n0\nmột dòng\n';

  it('opens to its text', () => {
    expect(openNote(signNote(text, signer), key)).toBe(text);
  });

  it.each([
    ['no newline at the end', 'text'],
    ['nothing but a newline', '\n'],
    ['a tab', 'a\tb\n'],
    ['a carriage return', 'a\r\n'],
    ['DEL', 'a\u007f\n'],
    ['half of a surrogate pair', 'a\ud800\n'],
    ['more than 16,384 bytes', `${'ế'.repeat(6000)}\n`],
  ])('is not made of a text with %s', (_, wrong) => {
    expect(() => signNote(wrong, signer)).toThrow(refusal('NoteError'));
  });

  it.each([
    ['17 signatures', (note: string) => note + `${note.split('\n\n')[1]}`.repeat(16)],
    ['a name with a plus', (note: string) => note.replace('— bau', '— b+u')],
    ['an invisible character in a name', (note: string) => note.replace('— bau', '— b\u200bu')],
    ['unpadded base64', (note: string) => note.replace(/=*\n$/, '\n')],
    ['a signature of no byte', (note: string) => note.replace(/ [^ ]*\n$/, ' AAAAAA==\n')],
  ])('with %s is refused', (_, change) => {
    expect(() => parseNote(change(signNote(text, signer)))).toThrow(refusal('NoteError'));
  });

  it('is not opened by a signature whose scalar is not reduced', () => {
    const { signatures } = parseNote(signNote(text, signer));
    const signature = signatures[0]?.signature ?? new Uint8Array(64);
    const scalar = numberOfBytes(signature.slice(32).reverse()) + ed25519.Point.Fn.ORDER;
    const wrong = joinBytes(signature.slice(0, 32), bytesOfNumber(scalar, 32).reverse());
    const line = `— ${signer.name} ${toBase64(joinBytes(noteKeyId(key), wrong))}\n`;
    expect(() => openNote(`${text}\n${line}`, key)).toThrow(refusal('SignatureError'));
  });

  it('is not opened by a signature that holds only times the cofactor', () => {
    // R has a part of order 2: [8]SB = [8]R + [8]kA, but SB is not R + kA.
    const { Point } = ed25519;
    const small = Point.fromBytes(bytesOfNumber(2n ** 255n - 20n, 32).reverse(), false);
    const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(signer.seed);
    const nonce = 12345n;
    const first = joinBytes(Point.BASE.multiply(nonce).add(small).toBytes());
    const hash = sha512(joinBytes(first, pointBytes, bytesOfText(text))).reverse();
    const challenge = numberOfBytes(hash) % Point.Fn.ORDER;
    const response = (nonce + challenge * scalar) % Point.Fn.ORDER;
    const signature = joinBytes(first, bytesOfNumber(response, 32).reverse());
    const options = { zip215: false };
    expect(ed25519.verify(signature, bytesOfText(text), pointBytes, options)).toBe(true);
    const line = `— ${signer.name} ${toBase64(joinBytes(noteKeyId(key), signature))}\n`;
    expect(() => openNote(`${text}\n${line}`, key)).toThrow(refusal('SignatureError'));
  });

  it('is not opened by a key of small order, under which anything is signed', () => {
    const weak = noteKey(signer.name, Uint8Array.of(1, ...new Uint8Array(31)));
    const forged = joinBytes(Uint8Array.of(1), new Uint8Array(63));
    const line = `— ${signer.name} ${toBase64(joinBytes(noteKeyId(weak), forged))}\n`;
    expect(() => openNote(`${text}\n${line}`, weak)).toThrow(refusal('SignatureError'));
  });
});

describe('names that do not fit', () => {
  const seed = new Uint8Array(32).fill(7);
  const head = { size: 0, root: new Uint8Array(32) };
  const promise = { uuid: '2MoJPRgWzLnoyF', phi: 'A'.repeat(43), tracker: new Uint8Array(32) };

  it('are refused when signing', () => {
    const signer = { name: 'bau.example.vn/other', seed };
    expect(() => signCheckpoint({ origin: 'bau.example.vn', head }, signer)).toThrow(
      refusal('NoteError'),
    );
    expect(() => signPromise(promise, signer)).toThrow(refusal('NoteError'));
  });

  it('are refused when reading', () => {
    const signer = { name: 'bau.example.vn/3MoJPRgWzLnoyF/box', seed };
    const note = signNote(promiseText(promise), signer);
    expect(() => verifyPromise(note, noteKeyOf(signer))).toThrow(refusal('NoteError'));
    const box = { name: 'bau.example.vn/2MoJPRgWzLnoyF/box', seed };
    expect(verifyPromise(signPromise(promise, box), noteKeyOf(box))).toEqual(promise);
  });
});
