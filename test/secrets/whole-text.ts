import type { Answer } from '../support/client.js';

/** An answer as text: its status, then its headers, then its body. */
export const wholeText = ({ status, headerLines, text }: Answer): string => `${status}\n${headerLines.join('\n')}\n\n${text}`;
