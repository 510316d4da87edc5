import type { Answer, Ask } from '../support/client.js';

/** An answer as text: its status, then its headers, then its body. */
export const wholeText = ({ status, headerLines, text }: Answer): string => `${status}\n${headerLines.join('\n')}\n\n${text}`;

/** What a request asks for, without its query: `GET /admin/logs`. */
export const askedFor = ({ method = 'POST', path }: Ask): string => `${method} ${path.split('?', 1)[0] ?? ''}`;
