import type { Speech } from '../shell/shell.view.js';
import type { ChannelImportTexts } from './channel-import.en.js';
import { channelsPath } from './list-query.js';

/** What an import would do. */
export interface ReportFacts {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly processed: number;
  /** Sentences of the server, most of them about a line. */
  readonly errors: readonly string[];
}

export interface ImportFacts {
  readonly fileMiBMax: number;
  readonly keptMinutes: number;
  /** The file's name among those that wait, with what it would do. */
  readonly preview?: { readonly file: string; readonly report: ReportFacts };
  /** Why there is no preview: a sentence of our own, or the server's about the file. */
  readonly problem?: 'expired' | 'busy' | 'missing' | 'empty' | 'tooLarge' | { readonly sentence: string };
}

export interface PreviewView {
  readonly file: string;
  readonly rows: string;
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  readonly errors: readonly { readonly line: string; readonly sentence: string }[];
  /** `undefined` when nothing can be imported. */
  readonly confirm: string | undefined;
  readonly kept: string;
}

export interface ChannelImportView {
  readonly title: string;
  readonly texts: ChannelImportTexts;
  readonly action: string;
  readonly listPath: string;
  readonly fileHint: string;
  readonly problem: string | undefined;
  readonly preview: PreviewView | undefined;
}

/** A sentence about a row begins with its line; the last of many counts those that are not told. */
const errorOf = (error: string, { say }: ChannelImportTexts): PreviewView['errors'][number] => {
  const [, line, sentence] = /^line (\d+): ([^]*)$/.exec(error) ?? [];
  return line === undefined || sentence === undefined ? { line: '', sentence: say(error) } : { line, sentence: say(sentence) };
};

const previewOf = ({ preview, keptMinutes }: ImportFacts, { texts, formats }: Speech<ChannelImportTexts>): PreviewView | undefined => {
  if (preview === undefined) return undefined;
  const { created, updated, skipped, processed, errors } = preview.report;
  const usable = created + updated;
  return {
    file: preview.file,
    rows: texts.rows(processed, formats.number(processed)),
    figures: [
      { label: texts.created, value: formats.number(created) },
      { label: texts.updated, value: formats.number(updated) },
      { label: texts.skipped, value: formats.number(skipped) },
    ],
    errors: errors.map((error) => errorOf(error, texts)),
    confirm: usable === 0 ? undefined : texts.confirm(usable, formats.number(usable)),
    kept: texts.kept(formats.number(keptMinutes)),
  };
};

const problemOf = ({ problem, fileMiBMax }: ImportFacts, { texts, formats }: Speech<ChannelImportTexts>): string | undefined => {
  if (problem === undefined) return undefined;
  if (problem === 'tooLarge') return texts.tooLarge(formats.number(fileMiBMax));
  return typeof problem === 'object' ? texts.say(problem.sentence) : texts[problem];
};

/** The page that takes a file, or shows what it would do. */
export const channelImportView = (facts: ImportFacts, speech: Speech<ChannelImportTexts>): ChannelImportView => {
  const { texts, formats } = speech;
  return {
    title: texts.title,
    texts,
    action: `${channelsPath}/import`,
    listPath: channelsPath,
    fileHint: texts.fileHint(formats.number(facts.fileMiBMax)),
    problem: problemOf(facts, speech),
    preview: previewOf(facts, speech),
  };
};
