import {
  applyDecorators,
  BadRequestException,
  createParamDecorator,
  PayloadTooLargeException,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';

export const uploadBytesMax = 10 * 1024 * 1024;

/** What came, as far as it was read; or why there is nothing to read. */
export type SentFile = Buffer | 'missing' | 'too-large';

type UploadRequest = Request & { readonly file?: { readonly buffer?: Buffer }; isFileTooLarge?: boolean };

const requestOf = (context: ExecutionContext): UploadRequest => context.switchToHttp().getRequest<UploadRequest>();

/** One file and next to nothing besides; whatever exceeds this is refused before it is kept. */
const reader = new (FileInterceptor('file', {
  limits: { fileSize: uploadBytesMax, files: 1, fields: 10, fieldSize: 1024, parts: 11, headerPairs: 20 },
}))();

/** Leaves it to the route in which words it says that a file is too large. */
const readsFile: NestInterceptor = {
  intercept: async (context: ExecutionContext, next: CallHandler) => {
    try {
      return await reader.intercept(context, next);
    } catch (error) {
      if (!(error instanceof PayloadTooLargeException)) throw error;
      requestOf(context).isFileTooLarge = true;
      return next.handle();
    }
  },
};

/** Addresses that take files; to all others a body in parts is a body that nobody reads. */
const uploadPaths = /^\/(admin|web)\/channels\/import\/?$/i;

export const takesUpload = (request: Request): boolean => uploadPaths.test(request.path);

/** Files come in parts, and only here: their own reader knows its bounds. */
export const isUpload = (request: Request): boolean => takesUpload(request) && request.is('multipart/form-data') !== false;

/** The route takes one file of at most `uploadBytesMax`, kept in memory, in the field `file`. */
export const TakesFile = (): MethodDecorator => applyDecorators(UseInterceptors(readsFile));

const sentIn = ({ file, isFileTooLarge = false }: UploadRequest): SentFile => (isFileTooLarge ? 'too-large' : (file?.buffer ?? 'missing'));

const bytesOf = (sent: SentFile): Buffer => {
  if (sent === 'missing') throw new BadRequestException('send the file as multipart/form-data in the field "file"');
  if (sent === 'too-large') throw new PayloadTooLargeException(`the file must be at most ${uploadBytesMax} bytes`);
  return sent;
};

/** The bytes of the file that came, as a parameter of a controller's method. */
export const FileBytes = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => bytesOf(sentIn(requestOf(context))));

/** The same for a route that has words of its own for what is wrong. */
export const FileOrProblem = createParamDecorator((_: unknown, context: ExecutionContext): SentFile => sentIn(requestOf(context)));
