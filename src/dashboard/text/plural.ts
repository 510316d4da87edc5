/** English knows one and many; the number is written by the caller, because only it knows the format. */
export const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);
