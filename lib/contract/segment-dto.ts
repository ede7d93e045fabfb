import * as z from 'zod';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import {
  type Segment,
  type SegmentDefinition,
  SEGMENT_STATES,
  type SegmentMoment,
} from '#lib/domain/messages/segment.ts';
import { CHANNELS } from '#lib/domain/rights/consents.ts';
import { isSortable } from '#lib/domain/sortable-time.ts';
import { PurposeWord } from './consents-dto.ts';
import { Moment, ObjectIdText } from './customer-draft.ts';
import { MomentText } from './customer-dto.ts';

const NAME_LENGTH = 80;
/** Something to see in it, and no control characters. White space around it is taken off. */
const NAME_PATTERN = /^\s*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$/;
const MOST_DAYS = 3_650;
const MOST_VISITS = 1_000_000;

/** The path parameters of a route for one segment. */
export const SegmentPath = z.object({ segmentId: ObjectIdText });

const DAYS_RULE = `This must be a whole number from 1 to ${String(MOST_DAYS)}.`;
const DaysAgo = z.strictObject({ daysAgo: z.int(DAYS_RULE).min(1, DAYS_RULE).max(MOST_DAYS, DAYS_RULE) });

const SegmentMomentDraft = z.union(
  [
    // The sort keys of links hold times.
    Moment.refine(isSortable, 'This must be in the years 1970 to 2286.'),
    DaysAgo,
  ],
  `This must be a moment, or { "daysAgo": 1 to ${String(MOST_DAYS)} }.`,
);

const VISITS_RULE = `This must be a whole number from 0 to ${String(MOST_VISITS)}.`;
const visits = z.int(VISITS_RULE).min(0, VISITS_RULE).max(MOST_VISITS, VISITS_RULE);
const Consent = z.strictObject({ purpose: PurposeWord, channel: z.enum(CHANNELS) });

const DESCRIPTION =
  'Who meets all conditions. `…After` begins with its moment and `…Before` ends before it; `{ daysAgo }` counts days of 24 hours ' +
  'back from when it is asked for. `lastVisit…` and `firstVisit…` leave out who never came.';

/** The conditions of a segment in a request. */
export const SegmentDefinitionDraft = z
  .strictObject({
    states: z
      .array(z.enum(SEGMENT_STATES))
      .min(1)
      .max(SEGMENT_STATES.length)
      .optional()
      .meta({ description: 'Active ones if absent. `inactive` is another spelling of `suspended`.' }),
    customerTypes: z.array(z.enum(CUSTOMER_TYPES)).min(1).max(CUSTOMER_TYPES.length).optional(),
    createdAfter: SegmentMomentDraft.optional(),
    createdBefore: SegmentMomentDraft.optional(),
    lastVisitAfter: SegmentMomentDraft.optional(),
    lastVisitBefore: SegmentMomentDraft.optional(),
    firstVisitAfter: SegmentMomentDraft.optional(),
    firstVisitBefore: SegmentMomentDraft.optional(),
    visitsAtLeast: visits.optional(),
    visitsAtMost: visits.optional(),
    neverVisited: z.literal(true).optional(),
    consent: Consent.optional().meta({
      description: 'Who granted it, and may be reached: with an address that no refusal outweighs.',
    }),
  })
  .meta({ id: 'SegmentDefinitionDraft', description: DESCRIPTION });

/** A segment in a request. */
export const SegmentDraft = z
  .strictObject({
    name: z
      .string()
      .overwrite((text) => text.toWellFormed().normalize('NFC').trim())
      .max(NAME_LENGTH)
      .regex(
        NAME_PATTERN,
        'This must have a visible character, and no control characters like tabs and line ends.',
      )
      .meta({ description: 'Its own within the business, whatever the letter case and accents.' }),
    definition: SegmentDefinitionDraft,
  })
  .meta({ id: 'SegmentDraft' });

const SegmentMomentDto = z.union([MomentText, z.object({ daysAgo: z.int() })]);
const moments = {
  createdAfter: SegmentMomentDto.optional(),
  createdBefore: SegmentMomentDto.optional(),
  lastVisitAfter: SegmentMomentDto.optional(),
  lastVisitBefore: SegmentMomentDto.optional(),
  firstVisitAfter: SegmentMomentDto.optional(),
  firstVisitBefore: SegmentMomentDto.optional(),
};

const SegmentDefinitionDto = z
  .object({
    states: z.array(z.enum(SEGMENT_STATES)).optional(),
    customerTypes: z.array(z.enum(CUSTOMER_TYPES)).optional(),
    ...moments,
    visitsAtLeast: z.int().optional(),
    visitsAtMost: z.int().optional(),
    neverVisited: z.literal(true).optional(),
    consent: z.object({ purpose: z.string(), channel: z.enum(CHANNELS) }).optional(),
  })
  .meta({ id: 'SegmentDefinition' });

const segment = {
  segmentId: z.string(),
  name: z.string(),
  definition: SegmentDefinitionDto,
  createdAt: MomentText,
  updatedAt: MomentText,
};

/** A segment in an answer. */
export const SegmentDto = z.object(segment).meta({ id: 'Segment' });

/** A segment in an answer, with the number of customers who belong to it now. */
export const SizedSegmentDto = z
  .object({
    ...segment,
    size: z.int().meta({ description: 'How many customers belong to it now, exactly.' }),
  })
  .meta({ id: 'SizedSegment' });

/** The answer form of a segment. */
export const toSegmentDto = ({
  id,
  name,
  definition,
  createdAt,
  updatedAt,
}: Segment): z.input<typeof SegmentDto> => ({
  segmentId: id,
  name,
  definition: toDefinitionDto(definition),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const toDefinitionDto = (definition: SegmentDefinition): z.input<typeof SegmentDefinitionDto> => ({
  ...definition,
  states: definition.states?.slice(),
  customerTypes: definition.customerTypes?.slice(),
  createdAfter: toMomentDto(definition.createdAfter),
  createdBefore: toMomentDto(definition.createdBefore),
  lastVisitAfter: toMomentDto(definition.lastVisitAfter),
  lastVisitBefore: toMomentDto(definition.lastVisitBefore),
  firstVisitAfter: toMomentDto(definition.firstVisitAfter),
  firstVisitBefore: toMomentDto(definition.firstVisitBefore),
});

const toMomentDto = (moment: SegmentMoment | undefined) =>
  moment instanceof Date ? moment.toISOString() : moment;
