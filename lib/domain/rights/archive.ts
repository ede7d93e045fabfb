/** A customer of a business. */
type Whose = Readonly<{ businessId: string; customerId: string }>;

/** Where the archive's bucket has everything of a customer. */
export const archivePrefix = ({ businessId, customerId }: Whose): `archive/${string}/` =>
  `archive/${businessId}/${customerId}/`;

/**
 * The key of an object in the archive.
 * @param attempt different for each attempt, so that an attempt that was given up never writes over a later one
 */
export const archiveObjectKey = (
  whose: Whose,
  { auditSeq, attempt }: Readonly<{ auditSeq: number; attempt: string }>,
): string => `${archivePrefix(whose)}${String(auditSeq)}/${attempt}`;
