import type { Node } from 'constructs';

/** What differs between deployments; everything comes from `cdk … -c name=value`. */
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

/**
 * Reads the settings from the app's context.
 * @throws Error with one sentence when one that has no sensible default is missing
 */
export const stageSettings = (node: Node): StageSettings => {
  const alarmEmail = optional(node, 'alarmEmail');
  return {
    issuer: required(node, 'issuer', 'https://login.example.com/'),
    audience: list(required(node, 'audience', 'customer-management')),
    allowedOrigins: list(required(node, 'allowedOrigins', 'https://panel.example.com')),
    ...(alarmEmail !== undefined && { alarmEmail }),
    purgeSwitch: optional(node, 'purge') === 'off' ? 'off' : 'on',
    throttle: DEFAULT_THROTTLE,
  };
};

const optional = (node: Node, name: string): string | undefined => {
  const value: unknown = node.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const required = (node: Node, name: string, example: string): string => {
  const value = optional(node, name);
  if (value === undefined) throw new Error(`Say which ${name} to use, as in: -c ${name}=${example}`);
  return value;
};

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
