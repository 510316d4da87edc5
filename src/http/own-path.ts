const pathCharsMax = 2048;
/** Stands for whatever address we are reached at; a path that leads away from it is not ours. */
const here = 'http://own.invalid';

/**
 * The path, if it leads to one of our own pages; `undefined` for whatever a browser might read as another site's address:
 * a scheme, two slashes, backslashes, or characters that browsers drop before they look.
 */
export const ownPath = (text: string): string | undefined => {
  if (text.length > pathCharsMax || !/^\/(?![/\\])/.test(text) || /[\\\p{Cc}\p{Cs}]/u.test(text)) return undefined;
  if (!URL.canParse(text, here)) return undefined;
  const { origin, pathname, search, hash } = new URL(text, here);
  // "/.//evil.example" is ours to the parser and becomes "//evil.example", which is not.
  return origin === here && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : undefined;
};
