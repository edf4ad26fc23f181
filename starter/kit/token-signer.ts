/**
 * Seals a token so that nobody else can make one. Given, because rooms have no cryptography.
 *
 * Mirrors: the service account key of kube-apiserver (`--service-account-signing-key-file`)
 */
export interface TokenSigner {
  /** @returns a JSON Web Token with these claims */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>

  /**
   * @returns the claims; `undefined` if this signer did not make the token. It does not look at the claims.
   */
  verify(token: string): Promise<Record<string, unknown> | undefined>
}
