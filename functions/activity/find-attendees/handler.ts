import { toResultError } from '#lib/serve/answer/problem-answer.ts';
import { serve } from '#lib/serve/serve.ts';
import { findOrAdd } from '#lib/store/activity/find-or-add.ts';
import { snapshots } from '#lib/store/activity/snapshots.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { contract } from './contract.ts';
import { findAttendees } from './find-attendees.ts';

export const handler = serve(
  contract,
  findAttendees({
    ...{ findOrAdd, snapshots, toResultError },
    // What is refused is a result and no refusal of the request, so no rule may be an old one.
    settingsOf: currentSettingsOf,
    now: () => new Date(),
  }),
);
