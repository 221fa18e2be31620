/** The command that signs a downloaded paper with a token, on the signer's own computer. */

/** `file` is a name that we gave; `library` stands for the token's PKCS #11 library. */
export function signCommand(file: string, field: string, library: string): string {
  return `phieukin sign ${file} --field ${field} --pkcs11 ${library}`;
}
