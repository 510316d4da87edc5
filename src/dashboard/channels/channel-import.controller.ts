import { BadRequestException, Body, Get, Post, Query } from '@nestjs/common';
import { ChannelCsvService } from '../../channels/channel-csv.service.js';
import { minuteMs } from '../../domain/time.js';
import { callerOf } from '../../http/caller.js';
import { FileOrProblem, TakesFile, uploadBytesMax, type SentFile } from '../../http/uploaded-file.js';
import { formValues } from '../shell/parse-form.js';
import { pathWithQuery } from '../shell/path-with-query.js';
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
const importPath = `${channelsPath}/import`;
const mebibyte = 1024 * 1024;

/** A file is previewed first; what was previewed is what is imported. */
@PageController('web/channels')
export class ChannelImportController {
  constructor(
    private readonly pages: Pages,
    private readonly files: ChannelCsvService,
    private readonly pending: PendingFiles,
  ) {}

  /** Takes a file, or shows what the one that waits would do: an address that Back leads to again. */
  @Get('import') show(@FromVisit() visit: Visit, @Query() query: unknown): string {
    const { file } = formValues(query, ['file']);
    if (file === '') return this.page(visit, {});
    const report = this.pending.report(file, callerOf(visit.request).session);
    return report === undefined ? this.page(visit, { problem: 'expired' }, 410) : this.page(visit, { preview: { file, report } });
  }

  @Post('import') @TakesFile() async preview(@FromVisit() visit: Visit, @FileOrProblem() bytes: SentFile): Promise<string> {
    if (bytes === 'too-large') return this.page(visit, { problem: 'tooLarge' }, 413);
    if (bytes === 'missing' || bytes.length === 0) return this.page(visit, { problem: bytes === 'missing' ? bytes : 'empty' }, 400);
    const caller = callerOf(visit.request);
    try {
      const report = await this.files.import(bytes, true, caller);
      if (report === 'busy') return this.page(visit, { problem: report }, 503);
      return redirectTo(visit, pathWithQuery(importPath, [['file', this.pending.keep({ bytes, report, session: caller.session })]]));
    } catch (error) {
      if (!(error instanceof BadRequestException)) throw error;
      return this.page(visit, { problem: { sentence: error.message } }, 400);
    }
  }

  /** Where a change of language or a login after it comes back to. */
  @Get('import/confirm') again(@FromVisit() visit: Visit): string {
    return redirectTo(visit, importPath);
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
