import { applyDecorators, BadRequestException, createParamDecorator, UseInterceptors, type ExecutionContext } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';

export const uploadBytesMax = 10 * 1024 * 1024;

/** One file and next to nothing besides; whatever exceeds this is refused before it is kept. */
const interceptor = FileInterceptor('file', {
  limits: { fileSize: uploadBytesMax, files: 1, fields: 10, fieldSize: 1024, parts: 11, headerPairs: 20 },
});

/** Addresses that take files; to all others a body in parts is a body that nobody reads. */
const uploadPaths = /^\/(admin|web)\/channels\/import\/?$/i;

/** Files come in parts, and only here: their own reader knows its bounds. */
export const isUpload = (request: Request): boolean => uploadPaths.test(request.path) && request.is('multipart/form-data') !== false;

/** The route takes one file of at most `uploadBytesMax`, kept in memory, in the field `file`. */
export const TakesFile = (): MethodDecorator => applyDecorators(UseInterceptors(interceptor));

const bytesOf = ({ file }: { readonly file?: { readonly buffer?: Buffer } }): Buffer => {
  if (file?.buffer !== undefined) return file.buffer;
  throw new BadRequestException('send the file as multipart/form-data in the field "file"');
};

/** The bytes of the file that came, as a parameter of a controller's method. */
export const FileBytes = createParamDecorator((_: unknown, context: ExecutionContext): Buffer =>
  bytesOf(context.switchToHttp().getRequest<Request & { readonly file?: { readonly buffer?: Buffer } }>()),
);
