import { randomBytes } from 'node:crypto';
import type { FunctionDefinition } from '../assembly/definitions.ts';

/** Which function an access key belongs to: each environment signs its calls with a key of its own. */
export class Callers {
  readonly #byKey = new Map<string, FunctionDefinition>();

  /** Makes an access key id for an environment. */
  openSession(caller: FunctionDefinition): Readonly<{ accessKeyId: string; close: () => void }> {
    const accessKeyId = `LOCAL${randomBytes(10).toString('hex').toUpperCase()}`;
    this.#byKey.set(accessKeyId, caller);
    return { accessKeyId, close: () => this.#byKey.delete(accessKeyId) };
  }

  of(accessKeyId: string): FunctionDefinition | undefined {
    return this.#byKey.get(accessKeyId);
  }
}

/** The access key id that a request is signed with, or an empty text. The signature is not verified. */
export const accessKeyIdOf = ({ headers }: Readonly<{ headers: ReadonlyMap<string, string> }>): string =>
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.get('authorization') ?? '')?.[1] ?? '';
