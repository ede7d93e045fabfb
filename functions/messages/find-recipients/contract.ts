import * as z from 'zod';
import { PurposeWord } from '#lib/contract/consents-dto.ts';
import { ObjectIdText } from '#lib/contract/customer-draft.ts';
import { MomentText } from '#lib/contract/customer-dto.ts';
import { CursorText } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { SegmentDefinitionDraft } from '#lib/contract/segment-dto.ts';
import { MARKETING, SENDING_CHANNELS } from '#lib/domain/messages/recipients.ts';

const MOST_IDS = 1_000;
const LARGEST_PAGE = 500;
const WAYS = ['customerIds', 'segmentId', 'segment'] as const;
const ONE_WAY = `Send one of these: ${WAYS.map((name) => `\`${name}\``).join(', ')}.`;

const Question = z
  .strictObject({
    channel: z.enum(SENDING_CHANNELS),
    purpose: PurposeWord.default(MARKETING).meta({
      description:
        '`order-updates` and `reminders` rest on the contract, so only a refusal counts. All others need a grant. `marketing` reaches ' +
        'active customers only.',
    }),
    customerIds: z.array(ObjectIdText).min(1).max(MOST_IDS).optional().meta({ description: ONE_WAY }),
    segmentId: ObjectIdText.optional(),
    segment: SegmentDefinitionDraft.optional(),
    pageSize: z.int().min(1).max(LARGEST_PAGE).default(100),
    cursor: CursorText.optional().meta({
      description:
        'The `nextCursor` of an answer, with the same question. Relative days count back from the first page on all pages.',
    }),
    countOnly: z.boolean().default(false),
  })
  .superRefine((question, context) => {
    const [first, ...others] = WAYS.filter((name) => question[name] !== undefined);
    if (first === undefined) context.addIssue({ code: 'custom', path: [], message: ONE_WAY });
    for (const name of others) context.addIssue({ code: 'custom', path: [name], message: ONE_WAY });
  });

const Recipient = z
  .object({
    _id: z.string(),
    address: z.string().optional().meta({
      description: 'Where to send it. Absent for push, and beside `sameAddressAs`.',
    }),
    sameAddressAs: z.string().optional().meta({
      description:
        'The customer of this list who was created earlier and has the same address: it is sent to once.',
    }),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    language: z.string().nullable(),
    unsubscribe: z.string().nullable().optional().meta({
      description:
        'Of an email: the token for `POST /unsubscribe`, to put into the header `List-Unsubscribe`. Null if the keyring has no pepper.',
    }),
  })
  .meta({ id: 'Recipient' });

export const contract = defineRoute({
  name: 'find-recipients',
  summary: 'List who may get a message: live, with an address, and allowed for its purpose',
  method: 'POST',
  path: '/api/v1/customer/recipients',
  impact: 'no message can be sent to customers',
  permission: 'SEND_TO_CUSTOMER',
  purpose: 'send-messages',
  needs: ['database', 'keyring'],
  body: Question,
  onlyReads: true,
  bucket: 'pull',
  answers: {
    200: z.object({
      items: z.array(Recipient).meta({
        description:
          'May be fewer than `pageSize` before the last page: a page looks at 20,000 customers at most.',
      }),
      total: z.int().meta({ description: 'How many there are on all pages, counted with the first one.' }),
      excluded: z
        .object({ notFound: z.int(), notLive: z.int(), noAddress: z.int(), notAllowed: z.int() })
        .meta({
          description: 'How many of those who were asked for are left out, by the first reason that applies.',
        }),
      asOf: MomentText.meta({ description: 'From when relative days count back.' }),
      nextCursor: z.string().optional().meta({ description: 'Absent on the last page.' }),
    }),
  },
  problems: ['invalid-request', 'segment-not-found'],
});
