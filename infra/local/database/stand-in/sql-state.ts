import { codes } from './errors.ts';

/**
 * MongoDB's code for each SQLSTATE that the engine can raise here. Class M is the engine's own; its public list of error
 * mappings names MongoDB's code for each. PostgreSQL's own states are added below.
 */
const codeBySqlState: Readonly<Record<string, number>> = {
  M0000: 1,
  M0001: 2,
  M0003: 9,
  M0004: 14,
  M0005: 15,
  M0006: 20,
  M0008: 26,
  M0009: 27,
  M000A: 28,
  M000D: 40,
  M000E: 43,
  M000F: 48,
  M00EX: 50,
  M000G: 52,
  M000I: 54,
  M000J: 56,
  M00EY: 59,
  M000M: 66,
  M000N: 67,
  M000O: 68,
  M000P: 72,
  M000Q: 73,
  M000R: 85,
  M000S: 86,
  M00F1: 112,
  M000U: 115,
  M00CO: 121,
  M000W: 146,
  M000Z: 166,
  M0012: 197,
  M0013: 224,
  M0015: 241,
  M0016: 263,
  M0018: 291,
  M001B: 10334,
  M001C: codes.duplicateKey,
  M0023: 16554,
  M0027: 16702,
  M0034: 17124,
  M006D: 40066,
  M007A: 40191,
  M007M: 40218,
  M007O: 40234,
  M007R: 40319,
  M007T: 40323,
  M007U: 40324,
  M0087: 40414,
  M0088: 40415,
  M0089: 40485,
  M008U: 40601,
  '23505': codes.duplicateKey, // unique_violation
  '23P01': codes.duplicateKey, // exclusion_violation: how the engine enforces a unique index
  '40001': codes.writeConflict, // serialization_failure
  '40P01': codes.writeConflict, // deadlock_detected
  '55P03': codes.writeConflict, // lock_not_available: the lock time-out of a transaction
};

const letters = 5;
const bitsPerLetter = 6;

/** In `writeErrors` the engine packs a SQLSTATE into a number: five characters of six bits each, counted from '0'. */
export const unpackSqlState = (packed: number): string =>
  Array.from({ length: letters }, (_, place) =>
    String.fromCharCode(((packed >> (place * bitsPerLetter)) & 0x3f) + '0'.charCodeAt(0)),
  ).join('');

/** MongoDB's code for a SQLSTATE; InternalError for one that is not expected. */
export const codeOfSqlState = (state: string): number => codeBySqlState[state] ?? codes.internalError;

// The last character has the highest bits. If it is not '0', the state is at least this number; MongoDB's codes are smaller.
const smallestPackedState = 2 ** 24;

/** MongoDB's code for the number in a write error, which is a packed SQLSTATE or already MongoDB's code. */
export const codeOfWriteError = (code: number): number =>
  code >= smallestPackedState ? codeOfSqlState(unpackSqlState(code)) : code;
