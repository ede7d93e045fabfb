/**
 * Node's own TLS settings, which the driver also takes from a connection string. Each can weaken the check of the server,
 * and none is needed: MongoDB's options, such as `tlsCAFile`, say the same.
 */
const NODES_TLS_SETTINGS = [
  'allowPartialTrustChain',
  'ALPNProtocols',
  'ca',
  'cert',
  'checkServerIdentity',
  'ciphers',
  'crl',
  'ecdhCurve',
  'key',
  'lookup',
  'minDHSize',
  'passphrase',
  'pfx',
  'secureContext',
  'secureProtocol',
  'servername',
  'session',
] as const;

/** The part of the driver's parsed options that says how a connection is protected. */
export type TransportOptions = Readonly<{
  hosts: readonly Readonly<{ host?: string | undefined; socketPath?: string | undefined }>[];
  srvHost?: string | undefined;
  tls?: boolean | undefined;
  rejectUnauthorized?: unknown;
  credentials?: unknown;
}> &
  Readonly<Partial<Record<(typeof NODES_TLS_SETTINGS)[number], unknown>>>;

/** What makes a connection unsafe, and what to do about it. Neither holds anything of the connection string. */
export type UnsafeTransport = Readonly<{ code: string; why: string; whatToDo: string }>;

const NO_TLS: UnsafeTransport = {
  code: 'no-tls',
  why: 'the connection leaves this machine without TLS',
  whatToDo: 'Add tls=true.',
};
const CERTIFICATE_UNCHECKED: UnsafeTransport = {
  code: 'certificate-unchecked',
  why: 'the certificate of the server would not be checked',
  whatToDo:
    'Remove tlsInsecure, tlsAllowInvalidCertificates, tlsAllowInvalidHostnames and every TLS setting that is not ' +
    'MongoDB’s. Name a private authority with tlsCAFile.',
};
const CHECKS_OFF: UnsafeTransport = {
  code: 'certificate-unchecked',
  why: 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off',
  whatToDo: 'Remove it from the environment.',
};
const NO_USER: UnsafeTransport = {
  code: 'no-user',
  why: 'it names no user',
  whatToDo: 'Add a user name and a password, or an authMechanism that needs none.',
};

const LOOPBACK = /^(?:127(?:\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}|localhost|::1)$/;

const staysHere = ({ hosts, srvHost }: TransportOptions): boolean =>
  srvHost === undefined &&
  hosts.every(({ host = '', socketPath }) => socketPath !== undefined || LOOPBACK.test(host));

/**
 * Why personal data must not travel over a connection with these options; undefined when it may. A connection that
 * leaves this machine needs TLS, a checked certificate and a user. The options are those that the driver has parsed, so
 * the driver and this rule cannot read a connection string in two ways.
 * @param environment for `NODE_TLS_REJECT_UNAUTHORIZED`, which switches the check off for a whole process
 */
export const unsafeTransport = (
  options: TransportOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): UnsafeTransport | undefined => {
  if (staysHere(options)) return undefined;
  if (options.tls !== true) return NO_TLS;
  if ((options.rejectUnauthorized ?? true) !== true) return CERTIFICATE_UNCHECKED;
  if (NODES_TLS_SETTINGS.some((name) => options[name] !== undefined)) return CERTIFICATE_UNCHECKED;
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') return CHECKS_OFF;
  return options.credentials === undefined ? NO_USER : undefined;
};

/** Where sockets are bound to. */
export type LoopbackOnly = Readonly<{ localAddress: string; family: 4 | 6 }>;

/**
 * Options that keep a connection without TLS on this machine; undefined for one that has TLS. A replica set names its
 * members, and the driver follows: one on another machine would get data in clear text. The operating system reaches no
 * other machine from a loopback address.
 */
export const loopbackOnly = (options: TransportOptions): LoopbackOnly | undefined => {
  if (options.tls === true) return undefined;
  return options.hosts.every(({ host }) => host === '::1')
    ? { localAddress: '::1', family: 6 }
    : { localAddress: '127.0.0.1', family: 4 };
};
