import { CallFanout } from '../../src/logs/call-fanout.js';
import { startAdmin } from './admin-app.js';
import { attemptRecord } from './attempt-record.js';

/** What `/metrics` shows after a call of each kind. */
export interface ShownMetrics {
  /** Names of series, without their labels. */
  readonly series: ReadonlySet<string>;
  /** Pairs of label and value, as they stand in the text: `outcome="success"`. */
  readonly labels: ReadonlySet<string>;
  /** Names of metrics, of which histograms have several series. */
  readonly families: readonly string[];
}

export const shownMetrics = async (): Promise<ShownMetrics> => {
  const admin = await startAdmin();
  admin.app.get(CallFanout).record([attemptRecord({ isStreaming: true }), attemptRecord({ isStreaming: false })]);
  const { text } = await admin.anonymous.get('/metrics').expect(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return {
    series: new Set(lines.map((line) => line.replace(/[{ ].*/, ''))),
    labels: new Set(lines.flatMap((line) => line.match(/\w+="[^"]*"/g) ?? [])),
    families: [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name),
  };
};

/** Series that an expression asks for and that are not shown. */
export const unknownSeries = (expression: string, { series, families }: ShownMetrics): readonly string[] => {
  const asked = expression.match(/\bccload_\w+/g) ?? [];
  // Files are counted on Linux only, and a collection of garbage comes when it comes.
  const isElsewhere = (name: string): boolean => /_(open|max)_fds$/.test(name) || (name.startsWith('ccload_nodejs_gc_') && families.includes(name.replace(/_(sum|count|bucket)$/, '')));
  return asked.filter((name) => !series.has(name) && !isElsewhere(name));
};

/** Labels with a value that an expression chooses and that are not shown; those of the scrape itself (`job`, `instance`) left out. */
export const unknownLabels = (expression: string, { labels }: ShownMetrics): readonly string[] =>
  [...expression.matchAll(/(\w+)(?:=~|!=|!~|=)"([^"]*)"/g)]
    .filter(([, name]) => name !== 'job' && name !== 'instance')
    .flatMap(([, name = '', values = '']) => values.split('|').map((value) => `${name}="${value}"`))
    .filter((label) => !labels.has(label));
