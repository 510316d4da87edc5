import type { PackedProgram } from './packed-program.js';

/** The list of files that the build has put in. It is part of the program, so it is taken as it is. */
export const parseManifest = (text: string): Pick<PackedProgram, 'digest' | 'files'> => JSON.parse(text) as PackedProgram;
