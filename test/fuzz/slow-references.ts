import { modelCharsMax, sessionCharsMax } from '../../src/domain/request-facts.js';

/*
 * The same answers found the slow and obvious way, to compare the fast ones with. Bytes are looked at as characters of
 * Latin-1, so that positions and lengths are those of the bytes.
 */

export interface SlowFacts {
  readonly model: string;
  readonly stream: boolean;
  readonly session: string | undefined;
}

interface Member {
  readonly key: string | undefined;
  readonly value: string;
}

const jsonSpace = /[ \t\r\n]*/y;
const stringToken = /"(?:[^"\\]|\\[^])*"/y;
const scalarToken = /[^,}\] \t\r\n]*/y;
const scalar = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const keyCharsRead = 128;

/** What `JSON.parse` makes of a string token; `undefined` when it is none. */
const spokenBy = (token: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'latin1').toString('utf8'));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

class Reader {
  at = 0;
  constructor(readonly text: string) {}

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  takeIf(character: string): boolean {
    const isNext = this.text[this.at] === character;
    if (isNext) this.at += 1;
    return isNext;
  }
}

/** An object or a list, up to the bracket that closes it by count; it must be the right one of the two. */
const container = (reader: Reader): string | undefined => {
  const start = reader.at;
  const opener = reader.text[start];
  for (let depth = 0; reader.at < reader.text.length; ) {
    const next = reader.text[reader.at] ?? '';
    if (next === '"') {
      if (reader.take(stringToken) === undefined) return undefined;
      continue;
    }
    reader.at += 1;
    if ('{['.includes(next)) depth += 1;
    if ('}]'.includes(next)) depth -= 1;
    if (depth === 0) return next === (opener === '{' ? '}' : ']') ? reader.text.slice(start, reader.at) : undefined;
  }
  return undefined;
};

const valueIn = (reader: Reader): string | undefined => {
  const first = reader.text[reader.at] ?? '';
  if (first === '"') return reader.take(stringToken);
  if (first === '{' || first === '[') return container(reader);
  const word = reader.take(scalarToken) ?? '';
  return scalar.test(word) && reader.at < reader.text.length ? word : undefined;
};

const memberIn = (reader: Reader): Member | undefined => {
  const token = reader.take(stringToken);
  if (token === undefined) return undefined;
  const inner = token.slice(1, -1);
  const isRead = inner.length <= keyCharsRead;
  const key = isRead && /[\\\u0000-\u001f]/.test(inner) ? spokenBy(token) : inner;
  if (key === undefined) return undefined;
  reader.take(jsonSpace);
  if (!reader.takeIf(':')) return undefined;
  reader.take(jsonSpace);
  const value = valueIn(reader);
  return value === undefined ? undefined : { key: isRead ? key : undefined, value };
};

/** The members of the object at the reader's place; `undefined` when it is broken or cut. */
const membersIn = (reader: Reader): readonly Member[] | undefined => {
  const members: Member[] = [];
  reader.take(jsonSpace);
  if (!reader.takeIf('{')) return undefined;
  reader.take(jsonSpace);
  if (reader.takeIf('}')) return members;
  for (;;) {
    const member = memberIn(reader);
    if (member === undefined) return undefined;
    members.push(member);
    reader.take(jsonSpace);
    if (reader.takeIf('}')) return members;
    if (!reader.takeIf(',')) return undefined;
    reader.take(jsonSpace);
  }
};

const lastOf = (members: readonly Member[], key: string): string | undefined => members.findLast((member) => member.key === key)?.value;

const sessionIn = (token: string | undefined): string | undefined => {
  if (token?.startsWith('"') !== true || token.length - 2 > sessionCharsMax * 6) return undefined;
  const session = spokenBy(token);
  return session !== undefined && session !== '' && session.length <= sessionCharsMax ? session : undefined;
};

/** What `readRequestFacts` should find; `undefined` when it should refuse. */
export const slowFacts = (body: Buffer): SlowFacts | undefined => {
  const reader = new Reader(body.toString('latin1'));
  const members = membersIn(reader);
  reader.take(jsonSpace);
  if (members === undefined || reader.at < reader.text.length) return undefined;
  const token = lastOf(members, 'model');
  if (token?.startsWith('"') !== true || token.length - 2 > modelCharsMax * 6) return undefined;
  const model = spokenBy(token);
  if (model === undefined || model.length > modelCharsMax) return undefined;
  const metadata = membersIn(new Reader(lastOf(members, 'metadata') ?? ''));
  const session = sessionIn(lastOf(members, 'prompt_cache_key')) ?? (metadata === undefined ? undefined : sessionIn(lastOf(metadata, 'user_id')));
  return { model, stream: lastOf(members, 'stream') === 'true', session };
};

/** The events of a stream, line by line as WHATWG HTML §9.2.6 tells it; the last one also without its blank line. */
export const slowEvents = (bytes: Buffer): readonly (readonly [name: string, data: string])[] => {
  const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const events: [string, string][] = [];
  let name = '';
  let data: string[] = [];
  const dispatch = (): void => {
    if (data.length > 0) events.push([name, data.join('\n')]);
    name = '';
    data = [];
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, field, value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (line === '') dispatch();
    else if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  }
  dispatch();
  return events;
};
