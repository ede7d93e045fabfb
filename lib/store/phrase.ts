import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import { phraseTokens } from '#lib/privacy/search-tokens.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf } from './keys.ts';
import { EMAIL_INDEX, PHONE_INDEX, SEARCH_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

type Condition = Readonly<Record<string, unknown>>;

/** What finds customers by a phrase. */
type PhraseMatch = Readonly<{
  /** What a link must meet: one a word, all of them. */
  conditions: readonly Condition[];
  /** The name of the index that leaves the fewest links to look at. */
  index: string;
}>;

/** How a phrase is looked for. */
export const matchPhrase = async (phrase: string, scope: BusinessScope): Promise<PhraseMatch> => {
  const words = phraseTokens(await keysOf(scope), phrase, hiddenFrom(scope.role));
  const conditions = await Promise.all(
    words.map(async ({ tokens, emailKeys, phoneKeys }) => {
      const wholes: Condition[] = [
        ...(emailKeys === null ? [] : [{ emailKeys: { $in: emailKeys } }]),
        ...(phoneKeys === null ? [] : [{ phoneKeys: { $in: phoneKeys } }]),
      ];
      for (const whole of wholes) if (await isHad(whole, scope)) return whole;
      return { searchTokens: { $in: tokens } };
    }),
  );
  return { conditions, index: indexFor(conditions) };
};

const indexFor = (conditions: readonly Condition[]): string => {
  const isSome = (field: string): boolean => conditions.some((condition) => field in condition);
  if (isSome('emailKeys')) return EMAIL_INDEX;
  return isSome('phoneKeys') ? PHONE_INDEX : SEARCH_INDEX;
};

/** Whether anybody has this whole email or phone; if so, the word means them and is no prefix. */
const isHad = async (whole: Condition, scope: BusinessScope): Promise<boolean> => {
  const links = modelOf(await connect(), 'customer_link');
  const found = await links
    .findOne({ businessId: new Types.ObjectId(scope.businessId), ...whole })
    .select({ _id: 0, customerId: 1 })
    .setOptions(askedBy(scope))
    .lean();
  return found !== null;
};
