import { JwtVerifier } from 'aws-jwt-verify';
import { JwtExpiredError, JwtInvalidAudienceError } from 'aws-jwt-verify/error';
import type { Jwks } from 'aws-jwt-verify/jwk';
import type { AuthorizerDefinition } from '../assembly/definitions.ts';
import { type HttpAnswer, gatewayAnswer, withHeaders } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';
import { isObject, isText } from '../json.ts';

/** The content of `requestContext.authorizer.jwt`: every claim is a string; scopes are null when the route names none. */
export type Claims = Readonly<{ claims: Readonly<Record<string, string>>; scopes: readonly string[] | null }>;

export type Authorization = Readonly<{ claims: Claims } | { refusal: HttpAnswer }>;
export type Authorize = (request: Pick<HttpRequest, 'headers'>, scopes: readonly string[]) => Authorization;

/** A claim as text in API Gateway's notation: `[a b]` for a list, `map[a:1]` for an object. */
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

/** The only algorithms that an HTTP API accepts; the library would also accept elliptic curves. */
const ALGORITHMS: readonly unknown[] = ['RS256', 'RS384', 'RS512'];

type Token = Readonly<{ header: Readonly<{ alg?: unknown }>; payload: Readonly<Record<string, unknown>> }>;

const requireAlgorithm = ({ header: { alg } }: Token): void => {
  if (!ALGORITHMS.includes(alg)) throw new Error('The token must be signed with RS256, RS384 or RS512.');
};

/** A token needs an expiry and must not start in the future. AWS documents no leeway, so none is given here. */
const requireTimes = ({ payload: { exp, iat, nbf } }: Token): void => {
  const now = Date.now() / 1_000;
  if (typeof exp !== 'number') throw new Error('The token has no expiry.');
  if (exp <= now) throw new JwtExpiredError('The token has expired.', exp);
  for (const start of [iat, nbf])
    if (typeof start === 'number' && start > now) throw new Error('The token is not valid yet.');
};

/** `client_id` is used only when there is no `aud`, as in the access tokens of Cognito. */
const requireAudience = (
  { payload: { aud, client_id: client } }: Token,
  audience: readonly string[],
): void => {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud ?? client];
  if (audience.some((one) => named.includes(one))) return;
  throw new JwtInvalidAudienceError('The token is for another audience.', named);
};

const scopesOf = ({ scope, scp }: Readonly<Record<string, unknown>>): string[] =>
  [scope, scp].flatMap((value) =>
    Array.isArray(value) ? value.map(String) : isText(value) ? value.split(' ') : [],
  );

/**
 * Makes the JWT authorizer of an HTTP API. It checks key, signature, issuer, audience, expiry and start, then the route's
 * scopes, in the order of `http-api-jwt-authorizer` in API Gateway's developer guide.
 * @param keys the issuer's key set
 */
export const jwtAuthorizer = ({ issuer, audience, header }: AuthorizerDefinition, keys: Jwks): Authorize => {
  const verifier = JwtVerifier.create({
    issuer,
    audience: null,
    customJwtCheck: (token) => {
      requireAlgorithm(token);
      requireTimes(token);
      requireAudience(token, audience);
    },
  });
  verifier.cacheJwks(keys, issuer);
  return ({ headers }, scopes) => {
    const identity = headers.get(header);
    if (identity === undefined || identity === '') return unauthorized();
    try {
      // The synchronous form uses only the given keys and never fetches others.
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
