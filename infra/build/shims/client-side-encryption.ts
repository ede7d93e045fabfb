const notBundled = function (): never {
  throw new Error('The bundles leave out the client-side encryption of the MongoDB driver.');
};

/** The driver's own encryption of fields, 30 KB that no function uses: lib/privacy encrypts them. To make one of these is an error. */
export const AutoEncrypter = notBundled;
export const ClientEncryption = notBundled;
export const AutoEncryptionLoggerLevel = {};
