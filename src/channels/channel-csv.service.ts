import { BadRequestException, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { CooldownService } from '../cooldown/cooldown.service.js';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import type { Caller } from '../http/caller.js';
import type { ChannelImportRepository } from './channel-import.repository.js';
import { csvHead, csvLines } from './csv/write-channels.js';
import type { ImportReport } from './import-report.js';
import { LiveChannels } from './live-channels.js';

/** Channels that are read and written at a time: about a millisecond's work for the thread that relays streams. */
const channelsPerSlice = 250;

const channelCount = (count: number): string => `${count} ${count === 1 ? 'channel' : 'channels'}`;

/** Channels as files. */
@Injectable()
export class ChannelCsvService {
  private readonly table: Remote<ChannelImportRepository>;

  constructor(
    database: Database,
    private readonly live: LiveChannels,
    private readonly cooldowns: CooldownService,
    private readonly audit: AuditService,
  ) {
    this.table = database.remote('channelFiles');
  }

  /** The file, piece by piece. Rejects before the first when it cannot be noted who has taken the keys away. */
  async export(caller: Caller): Promise<AsyncGenerator<string>> {
    await this.audit.note(caller, { action: 'channels-exported', detail: channelCount(this.live.all.length) });
    return this.pieces();
  }

  /** In force for the next request, all of it at once. Throws 400 for a file that cannot be used at all. */
  async import(bytes: Uint8Array, dryRun: boolean, caller: Caller): Promise<ImportReport | 'busy'> {
    return this.live.write(async () => {
      const outcome = await this.table.importCsv(bytes, { now: Date.now(), dryRun, allowLinkLocal: this.live.allowLinkLocal });
      if (outcome.kind === 'refused') throw new BadRequestException(outcome.sentence);
      const { report, otherAccounts } = outcome;
      if (dryRun) return report;
      await this.live.refresh();
      for (const id of otherAccounts) this.cooldowns.clear(id);
      const detail = `created ${report.created}, updated ${report.updated}, skipped ${report.skipped}`;
      await this.audit.noteAfterwards(caller, { action: 'channels-imported', detail });
      return report;
    });
  }

  private async *pieces(): AsyncGenerator<string> {
    yield csvHead;
    for (let last = 0; ; ) {
      const channels = await this.live.table.after(last, channelsPerSlice);
      if (channels.length > 0) yield csvLines(channels);
      last = channels.at(-1)?.id ?? last;
      if (channels.length < channelsPerSlice) return;
    }
  }
}
