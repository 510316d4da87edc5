import { Readable } from 'node:stream';
import {
  applyDecorators,
  BadRequestException,
  Controller,
  Get,
  HttpCode,
  Post,
  Query,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { FromCaller, type Caller } from '../http/caller.js';
import { enveloped, type Envelope } from '../http/envelope.js';
import { orRefuse } from './channel-answer.js';
import { ImportQueryDto } from './channel-csv.dto.js';
import { channelCsvDocs } from './channel-csv.docs.js';
import { ChannelCsvService } from './channel-csv.service.js';
import { csvFileName } from './csv/write-channels.js';
import type { ImportReport } from './import-report.js';

export const csvFileBytesMax = 10 * 1024 * 1024;

/** One file and next to nothing besides; whatever exceeds this is refused before it is kept. */
const UploadedCsv = FileInterceptor('file', {
  limits: { fileSize: csvFileBytesMax, files: 1, fields: 10, fieldSize: 1024, parts: 11, headerPairs: 20 },
});

/** 200, because nothing is made that has an address of its own. */
const ReadsCsv = (): MethodDecorator => applyDecorators(HttpCode(200), UseInterceptors(UploadedCsv));

/** What the interceptor kept, in memory. */
interface KeptFile {
  readonly buffer: Buffer;
}

const bytesOf = (file: KeptFile | undefined): Buffer => {
  if (file !== undefined) return file.buffer;
  throw new BadRequestException('send the file as multipart/form-data in the field "file"');
};

/** Stands before the controller of `:id`, which would take these words for ids. */
@Controller('admin/channels')
export class ChannelCsvController {
  constructor(private readonly files: ChannelCsvService) {}

  @Get('export') @channelCsvDocs.export async export(@FromCaller() caller: Caller): Promise<StreamableFile> {
    return new StreamableFile(Readable.from(await this.files.export(caller), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${csvFileName(new Date())}"`,
    });
  }

  @Post('import') @ReadsCsv() @channelCsvDocs.import async import(
    @UploadedFile() file: KeptFile | undefined,
    @Query() { dry_run: dryRun = false }: ImportQueryDto,
    @FromCaller() caller: Caller,
  ): Promise<Envelope<ImportReport>> {
    return enveloped(orRefuse(await this.files.import(bytesOf(file), dryRun, caller)));
  }
}
