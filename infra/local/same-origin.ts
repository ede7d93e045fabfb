import type { IncomingMessage } from 'node:http';
import { type HttpAnswer, gatewayAnswer } from './http-api/http-answer.ts';

/** What a browser says of a request of this site's own page, and of an address that a person typed. */
const OWN_FETCH_SITES: readonly unknown[] = [undefined, 'same-origin', 'none'];

const REFUSED = 'Only pages of this address may call it. Call it from a terminal, or from /docs.';

/**
 * The refusal of a request that a page of another site sent; undefined for any other request. The endpoints of /_local
 * need no token, so without this every page that is open in a browser on this machine could sign a token or start a purge.
 * The door has already checked that the host is this machine, so the Host header is the service's own address.
 */
export const refuseOtherSites = ({ headers, rawHeaders }: IncomingMessage): HttpAnswer | undefined => {
  const own = `http://${headers.host ?? ''}`;
  const origins = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'origin',
  );
  const isOwn = origins.every((origin) => origin === own);
  return isOwn && OWN_FETCH_SITES.includes(headers['sec-fetch-site'])
    ? undefined
    : gatewayAnswer(403, REFUSED);
};
