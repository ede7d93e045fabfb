/** Another write came first. Nothing of this attempt was written; reading again and retrying can succeed. */
export class Conflict extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'Conflict';
  }
}
