import { DEFAULT_RATE_LIMIT } from '#lib/contract/default-rate-limit.ts';
import { nearestName } from '#lib/domain/spelling/nearest-name.ts';

/** The part of CDK's construct node that carries `-c name=value`. */
type Context = Readonly<{ tryGetContext: (name: string) => unknown; getAllContext: () => object }>;

/** Everything that can be set. A test compares this list with the settings that are read. */
export const SETTING_NAMES = [
  'issuer',
  'audience',
  'allowedOrigins',
  'alarmEmail',
  'purge',
  'codeCache',
  'archiveLockDays',
  'archiveTier',
  'eventBus',
  'stageRequestsPerSecond',
  'stageBurst',
  'businessRequestsPerSecond',
  'businessBurst',
  'local',
] as const;

/** CDK and its command line keep settings of their own in the context. All but these have a `:` or a `/` in their names. */
const NAMES_OF_CDK: readonly string[] = ['cli-telemetry', 'acknowledged-issue-numbers', 'tree-metadata'];

/** A setting that is missing or wrong. Its message says which one and what to do. */
export class SettingError extends Error {}

/** What differs between deployments. Each setting is given as `-c name=value`. */
export type StageSettings = Readonly<{
  /** Who signs the tokens, as its `iss`: an https URL. */
  issuer: string;
  /** The tokens' `aud`: a token needs one of these. */
  audience: readonly string[];
  /** Origins from which browsers may call. */
  allowedOrigins: readonly string[];
  /** Gets an e-mail when an alarm goes off. Without it, no one does. */
  alarmEmail?: string;
  /** `off` stops the purge before its first delete. */
  purgeSwitch: Switch;
  /** `on` ships V8's compiled code with each function. It fits only the exact version of Node that built it. */
  codeCache: Switch;
  /** For so many days nobody but an administrator can delete a version of an archived object. Without it, at any time. */
  archiveLockDays?: number;
  /** `instant` can be read at once; `flexible` costs less, and must be restored for hours before it is read. */
  archiveTier: 'instant' | 'flexible';
  /** The name of a bus that is there already. Without it, the stack makes one of its own. */
  eventBus?: string;
  /** Limit of the whole API, for all businesses together. */
  stageLimit: Limit;
  /** Limit of each business. Below the limit of the stage. */
  businessLimit: Limit;
}>;

type Switch = 'on' | 'off';

/** Requests a second on average, and requests at once. */
type Limit = Readonly<{ perSecond: number; burst: number }>;

/** Room for twenty businesses at their limit, or two bursts. AWS grants an account 10,000 and 5,000. */
const DEFAULT_STAGE_LIMIT: Limit = { perSecond: 1_000, burst: 3_000 };

/** Settings for looking at the templates. A deployment must give its own. */
export const EXAMPLE_SETTINGS = {
  issuer: 'https://login.example.com/',
  audience: 'customer-management',
  allowedOrigins: 'https://panel.example.com',
} as const;

/**
 * Reads the settings from the app's context.
 * @throws SettingError when a setting is wrong or unknown, or is missing and has no default
 */
export const stageSettings = (context: Context): StageSettings => {
  refuseUnknown(context);
  refuseEmpty(context);
  const isLocal = onOrOff(context, 'local', 'off') === 'on';
  const alarmEmail = optional(context, 'alarmEmail');
  if (alarmEmail !== undefined && !/^[^\s@]+@[^\s@]+$/.test(alarmEmail))
    throw new SettingError('The setting alarmEmail must be an e-mail address.');
  return {
    issuer: isLocal ? localIssuer(context) : issuer(context),
    audience: list(context, 'audience'),
    allowedOrigins: isLocal ? list(context, 'allowedOrigins') : origins(context),
    ...(alarmEmail !== undefined && { alarmEmail }),
    purgeSwitch: onOrOff(context, 'purge', 'on'),
    codeCache: onOrOff(context, 'codeCache', 'off'),
    ...archive(context),
    ...bus(context),
    ...limits(context),
  };
};

/** A misspelled setting would have no effect: `alarmMail` would send no alarm to anyone. */
const refuseUnknown = (context: Context): void => {
  const unknown = Object.keys(context.getAllContext()).find(
    (name) => !isNameOf(name, SETTING_NAMES) && !isNameOf(name, NAMES_OF_CDK) && !/[:/]/.test(name),
  );
  if (unknown === undefined) return;
  const meant = nearestName(unknown, SETTING_NAMES);
  throw new SettingError(
    meant === undefined
      ? `There is no setting ${unknown}. The settings are ${SETTING_NAMES.join(', ')}.`
      : `There is no setting ${unknown}. Do you mean ${meant}?`,
  );
};

/** A variable of a pipeline that is not set: an empty `alarmEmail` would send no alarm to anyone. */
const refuseEmpty = (context: Context): void => {
  const empty = SETTING_NAMES.filter((name) => !(name in EXAMPLE_SETTINGS)).find(
    (name) => context.tryGetContext(name) === '',
  );
  if (empty !== undefined)
    throw new SettingError(`The setting ${empty} is empty. Give it a value, or leave it out.`);
};

const isNameOf = (name: string, names: readonly string[]): boolean => names.includes(name);

/** The gateway fetches the keys of the issuer. Over http, anyone in between could replace them and sign tokens. */
const issuer = (context: Context): string => {
  const value = required(context, 'issuer');
  const url = URL.parse(value);
  if (url?.protocol === 'https:' && !/[?#@\s]/.test(value)) return value;
  throw new SettingError(
    `The setting issuer must be an https URL without query. It is '${value}'. Example: -c issuer=${EXAMPLE_SETTINGS.issuer}`,
  );
};

/** `local=on` allows more than a deployment may. An issuer on this machine makes the stack useless anywhere else. */
const localIssuer = (context: Context): string => {
  const value = required(context, 'issuer');
  if (/^http:\/\/127\.0\.0\.1(?::\d+)?\//.test(value)) return value;
  throw new SettingError('The setting local is for npm start only. Remove it.');
};

const LOOPBACK_ORIGIN = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?$/;

/** An origin is what a browser sends: scheme, host and port. With `*`, every page on the web could call with a stolen token. */
const origins = (context: Context): string[] => {
  const given = list(context, 'allowedOrigins');
  const wrong = given.find(
    (origin) =>
      origin.includes('*') ||
      URL.parse(origin)?.origin !== origin ||
      !(origin.startsWith('https://') || LOOPBACK_ORIGIN.test(origin)),
  );
  if (wrong === undefined) return given;
  throw new SettingError(
    `The setting allowedOrigins must list https origins without a path and without *. One is '${wrong}'. Example: -c allowedOrigins=${EXAMPLE_SETTINGS.allowedOrigins}`,
  );
};

const optional = (context: Context, name: string): string | undefined => {
  const value: unknown = context.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const required = (context: Context, name: keyof typeof EXAMPLE_SETTINGS): string => {
  const value = optional(context, name);
  if (value !== undefined) return value;
  throw new SettingError(`Missing setting ${name}. Example: -c ${name}=${EXAMPLE_SETTINGS[name]}`);
};

/** A misspelled value must not leave the purge on. */
const onOrOff = (context: Context, name: string, usual: Switch): Switch => {
  const value = optional(context, name) ?? usual;
  if (value === 'on' || value === 'off') return value;
  throw new SettingError(`The setting ${name} must be 'on' or 'off'. It is '${value}'.`);
};

/** A hundred years: S3 accepts no longer lock. */
const LONGEST_LOCK_DAYS = 36_500;

const archive = (context: Context): Pick<StageSettings, 'archiveLockDays' | 'archiveTier'> => {
  const archiveLockDays = count(context, 'archiveLockDays');
  if (archiveLockDays !== undefined && archiveLockDays > LONGEST_LOCK_DAYS)
    throw new SettingError(
      `The setting archiveLockDays must be at most ${String(LONGEST_LOCK_DAYS)}. It is '${String(archiveLockDays)}'.`,
    );
  const archiveTier = optional(context, 'archiveTier') ?? 'instant';
  if (archiveTier !== 'instant' && archiveTier !== 'flexible')
    throw new SettingError(
      `The setting archiveTier must be 'instant' or 'flexible'. It is '${archiveTier}'.`,
    );
  return { archiveTier, ...(archiveLockDays !== undefined && { archiveLockDays }) };
};

const BUS_NAME = /^[\w.-]{1,256}$/;

/** The bus must be in this account and region: an ARN would lead elsewhere. */
const bus = (context: Context): Pick<StageSettings, 'eventBus'> => {
  const eventBus = optional(context, 'eventBus');
  if (eventBus === undefined) return {};
  if (BUS_NAME.test(eventBus)) return { eventBus };
  throw new SettingError(
    `The setting eventBus must be the name of a bus of this account and region. It is '${eventBus}'.`,
  );
};

/** A business that could use up the limit of the stage would lock out all others. */
const limits = (context: Context): Pick<StageSettings, 'stageLimit' | 'businessLimit'> => {
  const stageLimit = limit(context, 'stage', DEFAULT_STAGE_LIMIT);
  const businessLimit = limit(context, 'business', DEFAULT_RATE_LIMIT);
  if (businessLimit.perSecond >= stageLimit.perSecond || businessLimit.burst >= stageLimit.burst) {
    throw new SettingError(
      'businessRequestsPerSecond must be below stageRequestsPerSecond, and businessBurst below stageBurst.',
    );
  }
  return { stageLimit, businessLimit };
};

const limit = (context: Context, whose: 'stage' | 'business', usual: Limit): Limit => {
  const found = {
    perSecond: count(context, `${whose}RequestsPerSecond`) ?? usual.perSecond,
    burst: count(context, `${whose}Burst`) ?? usual.burst,
  };
  if (found.burst >= found.perSecond) return found;
  throw new SettingError(`The setting ${whose}Burst must be at least ${whose}RequestsPerSecond.`);
};

const count = (context: Context, name: string): number | undefined => {
  const value = optional(context, name);
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new SettingError(`The setting ${name} must be a whole number above 0. It is '${value}'.`);
};

const list = (context: Context, name: 'audience' | 'allowedOrigins'): string[] => {
  const items = required(context, name)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length > 0) return items;
  throw new SettingError(`The setting ${name} is empty. Example: -c ${name}=${EXAMPLE_SETTINGS[name]}`);
};
