import { handler } from '#functions/messages/unsubscribe/handler.ts';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import { unsubscribeToken } from '#lib/privacy/unsubscribe-token.ts';
import { keyringInUse } from './keyrings.ts';
import { type Answer, anEvent, send } from './service.ts';

/** How a mail program calls the link: without a login, and with the form body of RFC 8058 unless the test says otherwise. */
type Use = Readonly<{
  query?: Readonly<Record<string, string>>;
  body?: string;
  headers?: Readonly<Record<string, string>>;
  isBase64Encoded?: boolean;
  remainingMs?: number;
}>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Uses an unsubscribe link. */
export const useLink = (token: string | undefined, use: Use = {}): Promise<Answer> => {
  const { query, body = 'List-Unsubscribe=One-Click', headers = FORM, isBase64Encoded = false } = use;
  const parameters = { ...(token !== undefined && { token }), ...query };
  const { requestContext, ...event } = anEvent({ query: parameters, body, headers });
  const { requestId } = requestContext;
  return send(handler, { ...event, isBase64Encoded, requestContext: { requestId } }, use.remainingMs);
};

type Link = Readonly<{ customerId: string; purpose?: string; channel?: 'email' | 'sms' | 'push' }>;

/** The token of a customer's link, made with the keyring of this test file. */
export const tokenOf = (
  { businessId }: Readonly<{ businessId: string }>,
  { customerId, purpose = 'marketing', channel = 'email' }: Link,
): string => {
  const token = unsubscribeToken(businessKeys(keyringInUse(), businessId), { customerId, purpose, channel });
  if (token === null) throw new Error('The keyring of this test has no pepper.');
  return token;
};
