/**
 * The new end of a customer's history after a change. The service writes it to its log as well, which those who can
 * write to the database cannot change.
 */
export type HistoryExtension = Readonly<{
  customerId: string;
  /** The number of the newest entry. */
  number: number;
  /** The HMAC of the head, 64 hexadecimal digits. */
  head: string;
  /** The master keys of the history, the one that made the head first. Heads of other keys cannot be compared. */
  keyIds: readonly string[];
}>;
