import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Header = Readonly<{ alg: string; kid?: string }>;
type Signer = (content: Buffer) => Buffer;

export const byRsa =
  (key: KeyObject, digest = 'RSA-SHA256'): Signer =>
  (content) =>
    sign(digest, content, key);
export const byEllipticCurve =
  (key: KeyObject): Signer =>
  (content) =>
    sign('SHA256', content, {
      key: createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })),
      dsaEncoding: 'ieee-p1363',
    });
export const bySecret =
  (secret: string | Buffer): Signer =>
  (content) =>
    createHmac('sha256', secret).update(content).digest();
export const byNobody: Signer = () => Buffer.alloc(0);

/** A token as its header says, signed with any key. */
export const forgedToken = (header: Header, claims: object, signer: Signer): string => {
  const content = `${encode({ typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${content}.${signer(Buffer.from(content)).toString('base64url')}`;
};

/** An issuer's key, with the part that it publishes. */
export const aSigningKey = (kid: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return { privateKey, publicKey, jwk: { kty: 'RSA', use: 'sig', kid, n, e } as const };
};

/** The usual claims of a token, with some replaced. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
