import { ConflictException, NotFoundException } from '@nestjs/common';
import { secondMs } from '../domain/time.js';
import { TryLaterException } from '../http/problem-filter.js';
import type { ChannelRefusal } from './channels.service.js';

const refusalOf = (refusal: ChannelRefusal): Error => {
  switch (refusal) {
    case 'unknown':
      return new NotFoundException('there is no channel with this id');
    case 'name-taken':
      return new ConflictException('another channel has this name');
    case 'stale':
      return new ConflictException('the channel was changed in the meantime; load it again and repeat the change');
    case 'busy':
      return new TryLaterException(503, 'too many changes are waiting already; try again', secondMs);
  }
};

/** The result of a channel operation, with a refusal turned into the HTTP answer that says so. */
export const orRefuse = <T extends object | 'removed'>(result: T | ChannelRefusal): T => {
  if (result === 'unknown' || result === 'name-taken' || result === 'busy' || result === 'stale') throw refusalOf(result);
  return result;
};
