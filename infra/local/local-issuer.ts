import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Jwks } from 'aws-jwt-verify/jwk';
import type { AuthorizerDefinition } from './assembly/definitions.ts';
import type { JsonObject } from './json.ts';

const LIFETIME_SECONDS = 3_600;
const KEY_BITS = 2_048;

type Membership = Readonly<{ businessId: string; role: string }>;

export type TokenRequest = Readonly<{
  businessId?: string;
  role?: string;
  /** Several businesses and roles, instead of one. */
  memberships?: readonly Membership[];
  sub?: string;
  /** Overrides the usual claims, for tests with unusual tokens; undefined removes a claim. */
  claims?: JsonObject;
}>;

export type LocalIssuer = Readonly<{ keys: Jwks; token: (request: TokenRequest) => string }>;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const businessRoles = ({ businessId, role, memberships }: TokenRequest): string | undefined => {
  const all = memberships ?? (businessId === undefined || role === undefined ? [] : [{ businessId, role }]);
  return all.length === 0 ? undefined : all.map((one) => `${one.businessId}:${one.role}`).join(' ');
};

const signToken = (key: KeyObject, kid: string, claims: object): string => {
  const content = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
};

/** A new key to sign tokens with, as PEM. */
export const newSigningKey = async (): Promise<string> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

/**
 * Makes an issuer that the stack's authorizer trusts.
 * @param signingKey as PEM; default: a key that exists only in this process
 */
export const createLocalIssuer = async (
  { issuer, audience }: AuthorizerDefinition,
  signingKey?: string,
): Promise<LocalIssuer> => {
  const privateKey = createPrivateKey(signingKey ?? (await newSigningKey()));
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  // The same key has the same id in each run: a token names the key that signed it.
  const kid = createHash('sha256').update(n).digest('base64url');
  return {
    keys: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }] },
    token: (request) => {
      const now = Math.floor(Date.now() / 1_000);
      return signToken(privateKey, kid, {
        iss: issuer,
        aud: audience.length === 1 ? audience[0] : audience,
        sub: request.sub ?? 'local-user',
        iat: now,
        exp: now + LIFETIME_SECONDS,
        business_roles: businessRoles(request),
        ...request.claims,
      });
    },
  };
};
