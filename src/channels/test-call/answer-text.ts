import { SseScanner } from '../../domain/sse-scanner.js';

/** What a person reads of an answer. */
export const answerTextCharsMax = 64 * 1024;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const textsOf = (parts: unknown): string => listOf(parts).map((part) => textOf(fieldsOf(part)['text'])).join('');

const ofChoice = (choice: unknown): string => {
  const { message, delta, text } = fieldsOf(choice);
  return textOf(fieldsOf(message)['content']) || textOf(fieldsOf(delta)['content']) || textOf(text);
};

/** The text of a whole answer, or of one event of a stream: the three dialects name theirs differently. */
const textIn = (value: unknown): string => {
  const { type, content, output, choices, delta } = fieldsOf(value);
  if (type === 'content_block_delta') return textOf(fieldsOf(delta)['text']);
  if (type === 'response.output_text.delta') return textOf(delta);
  if (choices !== undefined) return listOf(choices).map(ofChoice).join('');
  if (output !== undefined) return listOf(output).map((item) => textsOf(fieldsOf(item)['content'])).join('');
  return textsOf(content);
};

/** What the model said in a body that is no event stream; '' for one that says nothing. */
export const textOfBody = (body: string): string => textIn(parsed(body)).slice(0, answerTextCharsMax);

/** What the model said in an event stream, joined. */
export const textOfStream = (stream: Buffer): string => {
  let text = '';
  const scanner = new SseScanner((_name, data) => {
    if (text.length < answerTextCharsMax) text += textIn(parsed(data.toString()));
  });
  scanner.push(stream);
  scanner.end();
  return text.slice(0, answerTextCharsMax);
};

const messageIn = (value: unknown): string => {
  const { error, message, detail, msg, response } = fieldsOf(value);
  const inner = fieldsOf(error);
  const nested = response === undefined ? '' : messageIn(response);
  return [inner['message'], error, message, msg, detail, nested].map(textOf).find((text) => text !== '') ?? '';
};

/** Why an upstream says it failed, in its own words; '' when it gives none. */
export const complaintIn = (text: string): string => {
  const value = parsed(text);
  return messageIn(Array.isArray(value) ? value[0] : value);
};
