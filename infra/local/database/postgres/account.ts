/** Debian's `nobody` and `nogroup`. */
const nobody = { uid: 65534, gid: 65534 };

/** The account that PostgreSQL runs as. It refuses root, so root gives it `nobody`. Undefined: the current user. */
export const account: Readonly<{ uid: number; gid: number }> | undefined =
  process.getuid?.() === 0 ? nobody : undefined;
