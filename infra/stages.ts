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
  purgeSwitch: 'on' | 'off';
  /** Requests a second that the whole API takes, and for a moment. */
  throttle: Readonly<{ rateLimit: number; burstLimit: number }>;
}>;

const DEFAULT_THROTTLE = { rateLimit: 500, burstLimit: 1_000 };

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
    purgeSwitch: purgeSwitch(optional(context, 'purge')),
    throttle: DEFAULT_THROTTLE,
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
const purgeSwitch = (value = 'on'): 'on' | 'off' => {
  if (value === 'on' || value === 'off') return value;
  throw new SettingError(`The setting purge is 'on' or 'off', not '${value}'.`);
};

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
