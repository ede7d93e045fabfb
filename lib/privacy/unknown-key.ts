/** A stored value needs a master key that the keyring does not have: it was just added, or removed too early. */
export class UnknownKey extends Error {
  readonly keyId: string;

  constructor(keyId: string) {
    super('A sealed value or a hash names a key that is not in the keyring.');
    this.name = 'UnknownKey';
    this.keyId = keyId;
  }
}
