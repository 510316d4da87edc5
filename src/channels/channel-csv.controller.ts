import { Readable } from 'node:stream';
import { applyDecorators, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { FromCaller, type Caller } from '../http/caller.js';
import { enveloped, type Envelope } from '../http/envelope.js';
import { FileBytes, TakesFile } from '../http/uploaded-file.js';
import { orRefuse } from './channel-answer.js';
import { ImportQueryDto } from './channel-csv.dto.js';
import { channelCsvDocs } from './channel-csv.docs.js';
import { ChannelCsvService } from './channel-csv.service.js';
import { csvFileName } from './csv/write-channels.js';
import type { ImportReport } from './import-report.js';

/** 200, because nothing is made that has an address of its own. */
const ReadsCsv = (): MethodDecorator => applyDecorators(HttpCode(200), TakesFile());

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
    @FileBytes() bytes: Buffer,
    @Query() { dry_run: dryRun = false }: ImportQueryDto,
    @FromCaller() caller: Caller,
  ): Promise<Envelope<ImportReport>> {
    return enveloped(orRefuse(await this.files.import(bytes, dryRun, caller)));
  }
}
