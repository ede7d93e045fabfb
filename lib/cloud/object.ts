/** `GLACIER` must be restored, for hours, before it can be read. The others can be read at once. */
export type StorageClass = 'STANDARD' | 'GLACIER_IR' | 'GLACIER';

export type NewObject = Readonly<{ key: string; body: Buffer; storageClass?: StorageClass }>;

/** What is known of an object without its content. */
export type ObjectHead = Readonly<{
  bytes: number;
  storageClass: StorageClass;
  /** SHA-256 of the content, in base64. Absent for an object that another program wrote without it. */
  sha256?: string;
  /** Only for `GLACIER`: whether the object can be read. */
  restore?: 'none' | 'ongoing' | 'ready';
}>;

export type StoredObject = Readonly<{ body: Buffer; sha256?: string }>;

export type ListedObject = Readonly<{ key: string; bytes: number }>;

/** `next` is where the next page starts. Absent on the last one. */
export type ObjectPage = Readonly<{ objects: readonly ListedObject[]; next?: string }>;
