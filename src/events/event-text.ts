/** One server-sent event. JSON has no line breaks of its own, so the data is one line. */
export const eventText = (name: string, value: unknown): string => `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;

/** Tells nothing; keeps connections open whose intermediaries close silent ones. */
export const heartbeatText = ':\n\n';

/** How long a browser waits before it connects again. */
export const retryText = 'retry: 3000\n\n';
