import { containerScanProgram } from './container-scan-program.js';
import { endOfString, undecided } from './json-bytes.js';

/** What container-scan.wat exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly scan: (length: number) => number;
}

/** As much of WebAssembly as is used here: Node's own types leave it to the browser's. */
declare const WebAssembly: {
  readonly validate: (program: Buffer) => boolean;
  readonly Module: new (program: Buffer) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
};

/** With the state before it and the fill behind it, a window has to fit the 64 KiB of the program. */
export const windowBytesMax = 49_152;
/** A container may end soon: a body of many small ones must not cost a large copy for each of them. */
export const firstWindowBytes = 2_048;
const blockBytes = 64;
/** Where in its memory the program keeps the state between windows, and the window. */
const depthAt = 0;
const inStringAt = 4;
const windowAt = 64;
/** The end of a string that a window cuts is looked for past so many escaped quotes. */
const cutStringQuotesMax = 4;
const space = 0x20;

const program = Buffer.from(containerScanProgram, 'base64');
/** Compiled while starting, in about 1 ms. A processor without the instructions it needs does without it. */
const scanner = WebAssembly.validate(program) ? new WebAssembly.Instance(new WebAssembly.Module(program)).exports : undefined;
const memory = Buffer.from(scanner?.memory.buffer ?? new ArrayBuffer(0));

/**
 * Index after the bracket that closes the outermost of `depth` open ones, by count alone; -1 when the bytes end before it;
 * `undecided` when a backslash stands outside strings, which the program would take for an escape, or when there is no
 * program. `from` lies outside strings; with a `depth` of 0 a bracket opens there. Nothing is kept between calls.
 */
export const endByBlocks = (bytes: Buffer, from: number, depth: number): number => {
  if (scanner === undefined) return undecided;
  memory.writeInt32LE(depth, depthAt);
  memory.writeInt32LE(0, inStringAt);
  let at = from;
  let windowBytes = firstWindowBytes;
  while (at < bytes.length) {
    const taken = bytes.copy(memory, windowAt, at, at + windowBytes);
    if (taken < windowBytes) memory.fill(space, windowAt + taken, windowAt + taken + blockBytes);
    const end = scanner.scan(taken);
    if (end === undecided) return undecided;
    if (end !== -1) return at + end;
    at += taken;
    windowBytes = windowBytesMax;
    const inString = memory.readInt32LE(inStringAt);
    if (inString === 0) continue;
    // What is left of the string may be a picture of megabytes: `indexOf` is faster than any window.
    const stringEnd = endOfString(bytes, at + inString - 1, cutStringQuotesMax);
    if (stringEnd === -1) return -1;
    if (stringEnd === undecided) continue;
    memory.writeInt32LE(0, inStringAt);
    at = stringEnd + 1;
  }
  return -1;
};
