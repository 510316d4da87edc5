import { channelBounds } from './channel-problems.js';

const ending = / copy(?: \d{1,6})?$/;

/** `base copy`, `base copy 2` …, cut between characters so that the ending fits into a name. */
const numbered = (base: string, count: number): string => {
  const suffix = count === 1 ? ' copy' : ` copy ${count}`;
  return `${base.slice(0, channelBounds.nameCharsMax - suffix.length).replace(/[\ud800-\udbff]$|\s+$/, '')}${suffix}`;
};

/** The first free name for a copy of `name`. A copy of a copy counts on: `relay copy` leads to `relay copy 2`. */
export const copyName = (name: string, taken: ReadonlySet<string>): string => {
  const base = name.replace(ending, '');
  let count = 1;
  while (taken.has(numbered(base, count))) count += 1;
  return numbered(base, count);
};
