import { describe, expect, it } from '@jest/globals';
import { fileText } from './file-text.js';

const text = 'name,模型\r\nä,中文\r\n';
const utf16le = Buffer.from(text, 'utf16le');
const bytesOf = (...parts: readonly (Buffer | string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('the text of a file', () => {
  it.each([
    ['UTF-8', bytesOf(text)],
    ['UTF-8 with its mark', bytesOf([0xef, 0xbb, 0xbf], text)],
    ['UTF-16 little end first', bytesOf([0xff, 0xfe], utf16le)],
    ['UTF-16 big end first', bytesOf([0xfe, 0xff], Buffer.from(utf16le).swap16())],
    ['UTF-16 without its mark', utf16le],
    ['UTF-16 big end first without its mark', Buffer.from(utf16le).swap16()],
  ])('is read from %s', (_what, bytes) => {
    expect(fileText(bytes)).toEqual({ kind: 'text', text });
  });

  it('is read from GBK', () => {
    // "名称,密钥" in GBK.
    const gbk = bytesOf([0xc3, 0xfb, 0xb3, 0xc6], ',', [0xc3, 0xdc, 0xd4, 0xbf]);
    expect(fileText(gbk)).toEqual({ kind: 'text', text: '名称,密钥' });
  });

  it('is empty for an empty file', () => {
    expect(fileText(Buffer.alloc(0))).toEqual({ kind: 'text', text: '' });
    expect(fileText(bytesOf([0xef, 0xbb, 0xbf]))).toEqual({ kind: 'text', text: '' });
  });

  it.each([
    ['an Excel workbook', bytesOf('PK\u0003\u0004', [1, 2, 3]), 'the file is an Excel workbook; save it as "CSV UTF-8" and import that'],
    ['a picture', bytesOf([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 0]), 'the file is neither UTF-8'],
    ['zeros', Buffer.alloc(100), 'the file is neither UTF-8'],
    ['bytes of no encoding', bytesOf('name', [0xff, 0xff, 0x80]), 'the file is neither UTF-8'],
    ['half a UTF-16 character', bytesOf([0xff, 0xfe], utf16le.subarray(0, 5)), 'the file is neither UTF-8'],
    ['half a surrogate pair', bytesOf([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), 'the file is neither UTF-8'],
  ])('is refused for %s', (_what, bytes, sentence) => {
    expect(fileText(bytes)).toEqual({ kind: 'problem', sentence: expect.stringContaining(sentence) });
  });
});
