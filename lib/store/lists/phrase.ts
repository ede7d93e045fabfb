import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import { needsCountry } from '#lib/domain/spelling/search-words.ts';
import { phraseTokens } from '#lib/privacy/search-tokens.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import { EMAIL_INDEX, PHONE_INDEX, SEARCH_INDEX } from '#lib/store/collections/customer-link.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

type Condition = Readonly<Record<string, unknown>>;

/** How links are found by a phrase. */
type PhraseMatch = Readonly<{
  /** One or two conditions for each word. A link must meet all of them. */
  conditions: readonly Condition[];
  /** The name of the index with the fewest links to look at. */
  index: string;
}>;

/** Works out how links are found by a phrase, in the fields that the caller's role may see. */
export const matchPhrase = async (phrase: string, scope: BusinessScope): Promise<PhraseMatch> => {
  const country = needsCountry(phrase) ? (await settingsOf(scope)).defaultCountry : '';
  const words = phraseTokens(await keysOf(scope), phrase, { country, hidden: hiddenFrom(scope.role) });
  const conditions = await Promise.all(
    words.map(async ({ tokens, emailKeys, phoneKeys }) => {
      const wholes: Condition[] = [
        ...(emailKeys === null ? [] : [{ emailKeys: { $in: emailKeys } }]),
        ...(phoneKeys === null ? [] : [{ phoneKeys: { $in: phoneKeys } }]),
      ];
      for (const whole of wholes) if (await exists(whole, scope)) return [whole];
      return tokens.map((list) => ({ searchTokens: { $in: list } }));
    }),
  );
  return { conditions: conditions.flat(), index: indexFor(conditions.flat()) };
};

const indexFor = (conditions: readonly Condition[]): string => {
  const uses = (field: string): boolean => conditions.some((condition) => field in condition);
  if (uses('emailKeys')) return EMAIL_INDEX;
  return uses('phoneKeys') ? PHONE_INDEX : SEARCH_INDEX;
};

/** Whether a customer has this whole email or phone. If so, the word is not searched as a prefix. */
const exists = async (whole: Condition, scope: BusinessScope): Promise<boolean> => {
  const links = modelOf(await connect(), 'customer_link');
  const found = await links
    .findOne({ businessId: new Types.ObjectId(scope.businessId), ...whole })
    .select({ _id: 0, customerId: 1 })
    .setOptions(queryOptions(scope))
    .lean();
  return found !== null;
};
