import { BadRequestException, Body, Get, Post } from '@nestjs/common';
import { ChannelCsvService } from '../../channels/channel-csv.service.js';
import { minuteMs } from '../../domain/time.js';
import { callerOf } from '../../http/caller.js';
import { FileBytes, TakesFile, uploadBytesMax } from '../../http/uploaded-file.js';
import { formValues } from '../shell/parse-form.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, redirectTo, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { channelImportEn, type ChannelImportTexts } from './channel-import.en.js';
import { channelImportView, type ImportFacts } from './channel-import.view.js';
import { channelImportZh } from './channel-import.zh.js';
import { channelsPath } from './list-query.js';
import { PendingFiles, pendingMsMax } from './pending-files.js';

const importTexts: Spoken<ChannelImportTexts> = { en: channelImportEn, zh: channelImportZh };
const mebibyte = 1024 * 1024;

/** A file is previewed first; what was previewed is what is imported. */
@PageController('web/channels')
export class ChannelImportController {
  constructor(
    private readonly pages: Pages,
    private readonly files: ChannelCsvService,
    private readonly pending: PendingFiles,
  ) {}

  @Get('import') show(@FromVisit() visit: Visit): string {
    return this.page(visit, {});
  }

  @Post('import') @TakesFile() async preview(@FromVisit() visit: Visit, @FileBytes() bytes: Buffer): Promise<string> {
    if (bytes.length === 0) return this.page(visit, { problem: 'missing' }, 400);
    const caller = callerOf(visit.request);
    try {
      const report = await this.files.import(bytes, true, caller);
      if (report === 'busy') return this.page(visit, { problem: report }, 503);
      return this.page(visit, { preview: { file: this.pending.keep(bytes, caller.session), report } });
    } catch (error) {
      if (!(error instanceof BadRequestException)) throw error;
      return this.page(visit, { problem: { sentence: error.message } }, 400);
    }
  }

  @Post('import/confirm') async confirm(@FromVisit() visit: Visit, @Body() body: unknown): Promise<string> {
    const caller = callerOf(visit.request);
    const bytes = this.pending.take(formValues(body, ['file']).file, caller.session);
    if (bytes === undefined) return this.page(visit, { problem: 'expired' }, 410);
    const report = await this.files.import(bytes, false, caller);
    if (report === 'busy') return this.page(visit, { problem: report }, 503);
    return redirectTo(visit, channelsPath, { key: 'channelsImported', subject: [report.created, report.updated, report.skipped].join(',') });
  }

  private page(visit: Visit, facts: Omit<ImportFacts, 'fileMiBMax' | 'keptMinutes'>, status = 200): string {
    const bounds = { fileMiBMax: uploadBytesMax / mebibyte, keptMinutes: pendingMsMax / minuteMs };
    const view = channelImportView({ ...facts, ...bounds }, speechOf(importTexts, visit));
    return this.pages.html(visit, { page: 'channels', template: 'channel-import', title: view.title, view, status, styles: ['channels.css'] });
  }
}
