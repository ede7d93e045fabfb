/** A stored value names a master key that the keyring does not have: one that was added a moment ago, or dropped too early. */
export class UnknownKey extends Error {
  readonly keyId: string;

  constructor(keyId: string) {
    super('A sealed value or a hash names a key that is not in the keyring.');
    this.name = 'UnknownKey';
    this.keyId = keyId;
  }
}
