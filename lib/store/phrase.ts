import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import { phraseTokens } from '#lib/privacy/search-tokens.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf } from './keys.ts';
import { modelOf } from './models/models.ts';

type Condition = Readonly<Record<string, unknown>>;

/** The conditions a link must meet to be found by a phrase: one a word, all of them. */
export const matchPhrase = async (phrase: string, scope: BusinessScope): Promise<readonly Condition[]> => {
  const words = phraseTokens(await keysOf(scope), phrase, hiddenFrom(scope.role));
  return await Promise.all(
    words.map(async ({ tokens, emailKeys, phoneKeys }) => {
      const wholes: Condition[] = [
        ...(emailKeys === null ? [] : [{ emailKeys: { $in: emailKeys } }]),
        ...(phoneKeys === null ? [] : [{ phoneKeys: { $in: phoneKeys } }]),
      ];
      for (const whole of wholes) if (await isHad(whole, scope)) return whole;
      return { searchTokens: { $in: tokens } };
    }),
  );
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
