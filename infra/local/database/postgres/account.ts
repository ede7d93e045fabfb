/** Debian's `nobody` and `nogroup`. */
const nobody = { uid: 65534, gid: 65534 };

/** Who PostgreSQL runs as: it refuses root, so root lends it `nobody`. Undefined: as whoever started us. */
export const account: Readonly<{ uid: number; gid: number }> | undefined =
  process.getuid?.() === 0 ? nobody : undefined;
