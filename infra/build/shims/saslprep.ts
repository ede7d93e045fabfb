const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * SASLprep (RFC 4013) leaves printable ASCII as it is; its tables for everything else cost a cold start too much.
 * A database password of other characters is refused rather than normalised wrongly.
 */
export const saslprep = (password: string): string => {
  if (PRINTABLE_ASCII.test(password)) return password;
  throw new Error('The database password may have printable ASCII characters only. Choose another password.');
};
