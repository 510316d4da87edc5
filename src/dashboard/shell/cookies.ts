const cookieHeaderCharsMax = 8_192;

/** The value of a cookie as the browser sent it; `undefined` when it is not there or cannot be decoded. */
export const cookieValue = (header: string | undefined, name: string): string | undefined => {
  if (header === undefined || header.length > cookieHeaderCharsMax) return undefined;
  const found = header.split(';').map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`));
  if (found === undefined) return undefined;
  try {
    return decodeURIComponent(found.slice(name.length + 1));
  } catch {
    return undefined;
  }
};
