import { describe, expect, it } from '@jest/globals';
import { BadRequestException, InternalServerErrorException } from '@nestjs/common';
import { StorageError } from '../../domain/storage-problem.js';
import { StorageRefusal, TryLaterException } from '../../http/problem-filter.js';
import { sharedTexts } from '../text/shared-texts.js';
import { problemView } from './problem.view.js';

describe('the page of what went wrong', () => {
  it('says in the language of the reader that the database refuses, and when to come back', () => {
    const refusal = new StorageRefusal(new StorageError('SQLITE_FULL', 'disk-full'));
    expect(problemView(refusal, sharedTexts.en).sentence).toBe('The database cannot do this now: the disk of the database is full. Try again in 10 seconds.');
    expect(problemView(refusal, sharedTexts.zh).sentence).toBe('数据库暂时无法完成此操作：数据库所在磁盘已满。 请在 10 秒后重试。');
  });

  it('ends what the server said with a full stop before it says when to come back', () => {
    const later = new TryLaterException(503, 'too many changes are waiting already', 1_000);
    expect(problemView(later, sharedTexts.en).sentence).toBe('The server said: too many changes are waiting already. Try again in 1 second.');
  });

  it('tells what was wrong with the request, and nothing of what broke inside', () => {
    expect(problemView(new BadRequestException('expected a number, got "x"'), sharedTexts.en).sentence).toBe('The server said: expected a number, got "x"');
    expect(problemView(new InternalServerErrorException('secret detail'), sharedTexts.en).sentence).toBe(sharedTexts.en.problem.inside);
  });
});
