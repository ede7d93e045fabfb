import type { QueueUseCase } from '#lib/contract/queue.ts';
import { stateOfOrder } from '#lib/domain/activity/source-state.ts';
import type { recordState } from '#lib/store/activity/record-state.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { contract } from './contract.ts';

type Needs = { recordState: typeof recordState; settingsOf: SettingsOf; now: () => Date };

/** Records an order for everybody who takes part in it. A state that is not newer than the known one changes nothing. */
export const recordOrder =
  ({ recordState: record, settingsOf, now }: Needs): QueueUseCase<typeof contract> =>
  async (event, scope) => {
    const settings = await settingsOf(scope);
    const state = stateOfOrder(event.data, event, settings);
    const customers = await record(state, { settings, at: now() }, scope);
    return { customers, fields: [] };
  };
