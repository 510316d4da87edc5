/** A file of the program that the single file holds. */
export interface PackedFile {
  /** Below the folder that it is unpacked into, with slashes. */
  readonly path: string;
  /** SHA-256 of its bytes, as hex. */
  readonly sha256: string;
}

/** Everything the single file holds. */
export interface PackedProgram {
  /** Stands for all files and their bytes: another program has another one. */
  readonly digest: string;
  readonly files: readonly PackedFile[];
  /** The bytes of one of the files. */
  read(path: string): Uint8Array;
}
