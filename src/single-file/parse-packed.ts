import type { PackedProgram } from './packed-program.js';

/** The list of files that the build has put in. It is part of the program, so it is taken as it is. */
export const parseManifest = (text: string): Pick<PackedProgram, 'digest' | 'files'> => JSON.parse(text) as PackedProgram;

/** What `start.cjs`, which the build has put in, exports: it runs a file, named by its URL. */
export const parseStart = (loaded: unknown): ((file: string) => void) => loaded as (file: string) => void;
