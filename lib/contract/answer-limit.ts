/** The largest body of an answer. A Lambda may answer at most 6 MB, including what the gateway adds. */
export const LARGEST_ANSWER_BYTES = 5 * 1024 * 1024;
