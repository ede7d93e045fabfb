import { JwtVerifier } from 'aws-jwt-verify';
import { JwtExpiredError, JwtInvalidAudienceError } from 'aws-jwt-verify/error';
import type { Jwks } from 'aws-jwt-verify/jwk';
import type { AuthorizerDefinition } from '../assembly/definitions.ts';
import { type HttpAnswer, gatewayAnswer, withHeaders } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';
import { isObject, isText } from '../json.ts';

/** `requestContext.authorizer.jwt`: every claim is a string there, and scopes are null where the route names none. */
export type Claims = Readonly<{ claims: Readonly<Record<string, string>>; scopes: readonly string[] | null }>;

export type Authorization = Readonly<{ claims: Claims } | { refusal: HttpAnswer }>;
export type Authorize = (request: Pick<HttpRequest, 'headers'>, scopes: readonly string[]) => Authorization;

/** A claim as text, in the notation of the gateway: `[a b]` for a list, `map[a:1]` for an object. */
export const claimText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  if (isText(value)) return value;
  if (!isObject(value)) return value === null ? '<nil>' : JSON.stringify(value);
  const entries = Object.entries(value).map(([name, item]) => `${name}:${claimText(item)}`);
  return `map[${entries.join(' ')}]`;
};

const unauthorized = (reason?: string): Authorization => {
  const challenge =
    reason === undefined ? 'Bearer' : `Bearer scope="" error="invalid_token" error_description="${reason}"`;
  return { refusal: withHeaders(gatewayAnswer(401, 'Unauthorized'), [['www-authenticate', challenge]]) };
};

const reasonFor = (error: unknown): string => {
  if (error instanceof JwtExpiredError) return 'the token has expired';
  if (error instanceof JwtInvalidAudienceError) return 'the token does not have a valid audience';
  return 'the token is not valid';
};

/** What an HTTP API demands beyond the library's own checks: an expiry, and no token from the future. */
const requireTimes = ({
  payload: { exp, iat },
}: Readonly<{ payload: Readonly<{ exp?: unknown; iat?: unknown }> }>): void => {
  if (exp === undefined) throw new Error('The token has no expiry.');
  if (typeof iat === 'number' && iat > Date.now() / 1_000)
    throw new Error('The token was issued in the future.');
};

const scopesOf = ({ scope, scp }: Readonly<Record<string, unknown>>): string[] =>
  [scope, scp].flatMap((value) =>
    Array.isArray(value) ? value.map(String) : isText(value) ? value.split(' ') : [],
  );

/**
 * Makes the JWT authorizer of an HTTP API: issuer, audience, expiry, start and signature, then the route's scopes.
 * @param keys the issuer's key set
 */
export const jwtAuthorizer = ({ issuer, audience, header }: AuthorizerDefinition, keys: Jwks): Authorize => {
  const verifier = JwtVerifier.create({ issuer, audience: [...audience], customJwtCheck: requireTimes });
  verifier.cacheJwks(keys, issuer);
  return ({ headers }, scopes) => {
    const identity = headers.get(header);
    if (identity === undefined || identity === '') return unauthorized();
    try {
      // The synchronous form knows the given keys only and never fetches others.
      const payload = verifier.verifySync(identity.replace(/^Bearer /i, ''));
      const held = scopesOf(payload);
      if (scopes.length > 0 && !scopes.some((scope) => held.includes(scope))) {
        return { refusal: gatewayAnswer(403, 'Forbidden') };
      }
      const claims = Object.fromEntries(
        Object.entries(payload).map(([name, value]) => [name, claimText(value)]),
      );
      return {
        claims: { claims, scopes: scopes.length === 0 ? null : held.filter((scope) => scope !== '') },
      };
    } catch (error) {
      return unauthorized(reasonFor(error));
    }
  };
};
