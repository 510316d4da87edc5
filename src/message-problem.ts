import type { IncomingMessage } from 'node:http';

/** Why a message must not be acted upon. */
export interface MessageProblem {
  readonly status: 400 | 501 | 505;
  readonly message: string;
}

const hasTwoHosts = (rawHeaders: readonly string[]): boolean => {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
};

/**
 * What Node's parser lets pass although another server in the chain may read it differently; two readings of one message
 * are how requests are smuggled. What is left is framed in one way only, and goes upstream with a length of ours.
 */
export const messageProblem = ({ httpVersionMajor, httpVersionMinor, headers, rawHeaders }: IncomingMessage): MessageProblem | undefined => {
  if (httpVersionMajor !== 1) return { status: 505, message: 'Only HTTP/1.1 and HTTP/1.0 are spoken here.' };
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    // RFC 9112 §6.1 on both.
    if (httpVersionMinor === 0) return { status: 400, message: 'HTTP/1.0 has no Transfer-Encoding.' };
    if (coding.toLowerCase() !== 'chunked') return { status: 501, message: 'The only Transfer-Encoding that is read here is chunked.' };
  }
  // RFC 9112 §3.2.
  return hasTwoHosts(rawHeaders) ? { status: 400, message: 'A request must have one Host.' } : undefined;
};
