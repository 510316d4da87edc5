import { BadRequestException, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Digits and nothing else, no more of them than a number holds exactly. */
const idOf = (text: unknown): number => {
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) {
    throw new BadRequestException('id must be a whole number of at most 15 digits');
  }
  return Number(text);
};

/**
 * The `:id` of a path. Not a pipe on `@Param`: the validation pipe runs before it and would have made numbers of "1.0"
 * and "0x1" already.
 */
export const PathId = createParamDecorator((_: unknown, context: ExecutionContext): number =>
  idOf(context.switchToHttp().getRequest<Request>().params['id']),
);
