/** The MongoDB version whose behaviour the gateway offers: the project's floor. */
export const standInVersion = '8.0.21';

/** The wire version of MongoDB 8.0; from 25 on, drivers use bulkWrite across collections. */
export const wireVersion = 25;
