/** The MongoDB version that the gateway imitates: the oldest that the project supports. */
export const standInVersion = '8.0.21';

/** The wire version of MongoDB 8.0; from 25 on, drivers use bulkWrite across collections. */
export const wireVersion = 25;
