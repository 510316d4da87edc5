import type { DataSource, EntityManager } from 'typeorm';
import type { ChannelId } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';
import { emptyJournal } from '../database/journal.js';
import { plainKeys, type KeySealer } from '../database/key-sealer.js';
import { takeTurn } from '../database/turns.js';
import { ChannelEntity } from './channel.entity.js';
import type { RowDraft } from './csv/cells.js';
import { fileText } from './csv/file-text.js';
import { readChannels } from './csv/read-channels.js';
import { boundedErrors, type ImportOutcome } from './import-report.js';

export interface ImportTerms {
  readonly now: EpochMs;
  /** Does everything but leave a trace. */
  readonly dryRun: boolean;
  /** Rows may lead to link-local and cloud metadata addresses. */
  readonly allowLinkLocal?: boolean;
}

/** Rows of one statement; SQLite takes at most 32 766 parameters, and a row has eight. */
const rowsPerStatement = 500;

type StoredChannel = Pick<ChannelEntity, 'id' | 'name' | 'url' | 'apiKey' | 'updatedAt'>;

/** Thrown to undo a transaction that did what it was asked to. */
const dryRunEnds = new Error('a dry run leaves nothing behind');

/**
 * Takes files of channels into the table. Reading the file happens here too, in the database thread, so that a large one
 * keeps no stream waiting: the main thread only hands over the bytes.
 */
export class ChannelImportRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sealer: KeySealer = plainKeys,
  ) {}

  /** Stores the good rows of a file by name, all or none of them; of several rows with one name the last wins. */
  async importCsv(bytes: Uint8Array, terms: ImportTerms): Promise<ImportOutcome> {
    const file = fileText(bytes);
    const read = file.kind === 'text' ? readChannels(file.text, terms) : file;
    if (read.kind === 'problem') return { kind: 'refused', sentence: read.sentence };
    const drafts = read.rows.flatMap((row) => (row.kind === 'draft' ? [row.draft] : []));
    const errors = read.rows.flatMap((row) => (row.kind === 'bad' ? [row.sentence] : []));
    const { created, otherAccounts } = await this.store(drafts, terms);
    // A large dry run may have spilled into the journal before it was undone.
    if (otherAccounts.length > 0 || terms.dryRun) await emptyJournal(this.dataSource);
    const updated = drafts.length - created;
    const report = { created, updated, skipped: errors.length, processed: read.rows.length, errors: boundedErrors(errors) };
    return { kind: 'imported', report, otherAccounts };
  }

  private async store(drafts: readonly RowDraft[], { now, dryRun }: ImportTerms): Promise<Stored> {
    let stored: Stored = { created: 0, otherAccounts: [] };
    try {
      await this.dataSource.transaction(async (manager) => {
        await takeTurn(manager, 'channels');
        stored = await this.upsert(manager, drafts, now);
        if (dryRun) throw dryRunEnds;
      });
    } catch (error) {
      if (error !== dryRunEnds) throw error;
    }
    return stored;
  }

  private async upsert(manager: EntityManager, drafts: readonly RowDraft[], now: EpochMs): Promise<Stored> {
    const known = await this.channelsByName(manager);
    // A later row of the same name speaks for what it has a column for, and every row has the same columns.
    const byName = new Map(drafts.map((draft) => [draft.name, draft]));
    const otherAccounts: ChannelId[] = [];
    const fresh: RowDraft[] = [];
    for (const draft of byName.values()) {
      const before = known.get(draft.name);
      if (before === undefined) fresh.push(draft);
      else {
        await this.update(manager, before, { draft, now });
        if (before.url !== draft.url || this.sealer.open(before.apiKey) !== draft.apiKey) otherAccounts.push(before.id);
      }
    }
    for (let at = 0; at < fresh.length; at += rowsPerStatement) {
      await this.insert(manager, fresh.slice(at, at + rowsPerStatement), now);
    }
    return { created: fresh.length, otherAccounts };
  }

  private async channelsByName(manager: EntityManager): Promise<ReadonlyMap<string, StoredChannel>> {
    const select = { id: true, name: true, url: true, apiKey: true, updatedAt: true } as const;
    const stored = await manager.find(ChannelEntity, { select });
    return new Map(stored.map((channel) => [channel.name, channel]));
  }

  private async update(
    manager: EntityManager,
    before: StoredChannel,
    { draft, now }: { readonly draft: RowDraft; readonly now: EpochMs },
  ): Promise<void> {
    const { models, apiKey, ...others } = draft;
    const updatedAt = Math.max(now, before.updatedAt + 1);
    const columns = { ...others, apiKey: this.sealer.seal(apiKey), models: JSON.stringify(models), updatedAt };
    await manager.update(ChannelEntity, { id: before.id }, columns);
  }

  private async insert(manager: EntityManager, drafts: readonly RowDraft[], now: EpochMs): Promise<void> {
    const rows = drafts.map(({ models, apiKey, priority = 0, enabled = true, ...others }) => ({
      ...{ ...others, priority, enabled, models: JSON.stringify(models), apiKey: this.sealer.seal(apiKey) },
      createdAt: now,
      updatedAt: now,
    }));
    // Nobody needs the new ids here, and asking for them costs a query per row.
    await manager.createQueryBuilder().insert().into(ChannelEntity).values(rows).updateEntity(false).execute();
  }
}

interface Stored {
  readonly created: number;
  readonly otherAccounts: readonly ChannelId[];
}
