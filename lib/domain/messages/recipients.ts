import { CUSTOMER_STATES, type CustomerState, isLive } from '#lib/domain/customers/customer-state.ts';
import type { Channel } from '#lib/domain/rights/consents.ts';
import type { SegmentDefinition } from './segment.ts';

/** The channels of a service that sends messages. */
export const SENDING_CHANNELS = ['email', 'sms', 'push'] as const satisfies Channel[];
export type SendingChannel = (typeof SENDING_CHANNELS)[number];

/** What is sent: for which purpose, and how. */
export type Sending = Readonly<{ purpose: string; channel: SendingChannel }>;

/** To whom: these customers, or those who belong to a segment. */
export type Whom = Readonly<{ ids: readonly string[] }> | Readonly<{ definition: SegmentDefinition }>;

/** The purpose of a message that somebody wants to sell by. */
export const MARKETING = 'marketing';

const LIVE = CUSTOMER_STATES.filter(isLive);

/** The states in which a customer gets what is sent. Nobody sells to a customer who is suspended or archived. */
export const reachedStates = ({ purpose }: Sending): readonly CustomerState[] =>
  purpose === MARKETING ? ['active'] : LIVE;

/** How many of those who were asked for get nothing, by the first reason that applies. */
export type Excluded = Readonly<{ notFound: number; notLive: number; noAddress: number; notAllowed: number }>;

/** How many get it, and how many do not. Exact when the first page was read. */
export type RecipientCounts = Readonly<{ total: number; excluded: Excluded }>;
