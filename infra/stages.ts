import { DEFAULT_RATE_LIMIT } from '#lib/contract/rate-limit.ts';

/** The part of CDK's construct node that carries `-c name=value`. */
type Context = Readonly<{ tryGetContext: (name: string) => unknown }>;

/** A setting that is missing or makes no sense; its message is one sentence for whoever typed the command. */
export class SettingError extends Error {}

/** What differs between deployments; everything comes from `-c name=value`. */
export type StageSettings = Readonly<{
  /** Who signs the tokens, as its `iss`: an https URL. */
  issuer: string;
  /** Whom the tokens are for, as their `aud`. */
  audience: readonly string[];
  /** Where browsers may call from. */
  allowedOrigins: readonly string[];
  /** Who is written to when an alarm goes off; nobody when absent. */
  alarmEmail?: string;
  /** `off` stops the purge before its first delete. */
  purgeSwitch: Switch;
  /** `on` ships with each function what V8 makes of it; it must be built by the very Node that runs it. */
  codeCache: Switch;
  /** What the whole API takes, of all businesses together. */
  stageLimit: Limit;
  /** What each business may ask for; inside of that of the stage. */
  businessLimit: Limit;
}>;

type Switch = 'on' | 'off';

/** So many requests a second in the long run, and so many at once. */
type Limit = Readonly<{ perSecond: number; burst: number }>;

/** Twenty businesses at their limit, two panels that come back online at once; AWS grants 10,000 and 5,000. */
const DEFAULT_STAGE_LIMIT: Limit = { perSecond: 1_000, burst: 3_000 };

/** Good enough to look at what would be deployed; a deployment has to name its own. */
export const EXAMPLE_SETTINGS = {
  issuer: 'https://login.example.com/',
  audience: 'customer-management',
  allowedOrigins: 'https://panel.example.com',
} as const;

/**
 * Reads the settings from the app's context.
 * @throws SettingError when one is wrong, or missing without a sensible default
 */
export const stageSettings = (context: Context): StageSettings => {
  const alarmEmail = optional(context, 'alarmEmail');
  return {
    issuer: required(context, 'issuer'),
    audience: list(required(context, 'audience')),
    allowedOrigins: list(required(context, 'allowedOrigins')),
    ...(alarmEmail !== undefined && { alarmEmail }),
    purgeSwitch: onOrOff(context, 'purge', 'on'),
    codeCache: onOrOff(context, 'codeCache', 'off'),
    ...limits(context),
  };
};

const optional = (context: Context, name: string): string | undefined => {
  const value: unknown = context.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const required = (context: Context, name: keyof typeof EXAMPLE_SETTINGS): string => {
  const value = optional(context, name);
  if (value !== undefined) return value;
  throw new SettingError(`Say which ${name} to use, for example: -c ${name}=${EXAMPLE_SETTINGS[name]}`);
};

/** A misspelt kill switch must not leave the purge on. */
const onOrOff = (context: Context, name: string, usual: Switch): Switch => {
  const value = optional(context, name) ?? usual;
  if (value === 'on' || value === 'off') return value;
  throw new SettingError(`The setting ${name} is 'on' or 'off', not '${value}'.`);
};

/** A business that could use up what the stage takes would be the neighbour whom its limit is to quieten. */
const limits = (context: Context): Pick<StageSettings, 'stageLimit' | 'businessLimit'> => {
  const stageLimit = limit(context, 'stage', DEFAULT_STAGE_LIMIT);
  const businessLimit = limit(context, 'business', DEFAULT_RATE_LIMIT);
  if (businessLimit.perSecond >= stageLimit.perSecond || businessLimit.burst >= stageLimit.burst) {
    throw new SettingError('The limit of a business must be below that of the stage, a second and at once.');
  }
  return { stageLimit, businessLimit };
};

const limit = (context: Context, whose: 'stage' | 'business', usual: Limit): Limit => {
  const found = {
    perSecond: count(context, `${whose}RequestsPerSecond`) ?? usual.perSecond,
    burst: count(context, `${whose}Burst`) ?? usual.burst,
  };
  if (found.burst >= found.perSecond) return found;
  throw new SettingError(`The setting ${whose}Burst must not be below ${whose}RequestsPerSecond.`);
};

const count = (context: Context, name: string): number | undefined => {
  const value = optional(context, name);
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new SettingError(`The setting ${name} is a whole number above 0, not '${value}'.`);
};

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
