/** Enough of a hash to compare with what the signer's own program shows: 64 bits. */
const HASH_DIGITS = 16;

/** `AB12 CD34 EF56 7890`, in groups that can be read aloud. */
export function shortHash(sha256: string): string {
  const groups = sha256.slice(0, HASH_DIGITS).toUpperCase().match(/.{1,4}/g) ?? [];
  return groups.join(' ');
}
