import { serve } from '#lib/serve/serve.ts';
import { customerActivity } from '#lib/store/activity/customer-activity.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';
import { contract } from './contract.ts';
import { findPayments } from './find-payments.ts';

export const handler = serve(contract, findPayments({ activity: customerActivity, sealPlace, openPlace }));
