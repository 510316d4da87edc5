/** Undoes a content coding beside the relay, so that an answer can be understood while its bytes pass unchanged. */
export interface ContentDecoder {
  push(chunk: Buffer): void;
  /** No more input; `done` is called once, after the last decoded byte or when reading was given up. */
  end(done: () => void): void;
  /** Stops at once, without further calls. */
  stop(): void;
}

export interface DecoderListener {
  decoded(chunk: Buffer): void;
  /** The bytes are not what the header says, or too many: nothing more will be read. */
  gaveUp(): void;
}
