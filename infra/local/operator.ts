import type { FunctionDefinition } from './assembly/definitions.ts';
import { LOCAL_ACCOUNT } from './assembly/intrinsic.ts';
import type { Callers } from './lambda/callers.ts';

/** The function that reads the ledger for an operator: `npm run ops -- replay-erasures` may do what it may. */
const READER = 'replay-erasures';
const LEDGER = 'LEDGER_BUCKET';

type Reach = Readonly<{ functions: readonly FunctionDefinition[]; callers: Callers; objectsUrl: string }>;

/** The variables with which a command of `npm run ops` reaches the buckets of this gateway; none if there are no buckets. */
export const operatorVariables = ({ functions, callers, objectsUrl }: Reach): Record<string, string> => {
  const reader = functions.find(({ path }) => path.split('/').includes(READER));
  const bucket = reader?.environment[LEDGER];
  if (reader === undefined || bucket === undefined) return {};
  return {
    [LEDGER]: bucket,
    AWS_REGION: LOCAL_ACCOUNT.region,
    AWS_ACCESS_KEY_ID: callers.openSession(reader).accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_S3: objectsUrl,
  };
};
