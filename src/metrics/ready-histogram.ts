import { Histogram, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';
import type { SecondsHistogram } from './seconds-histogram.js';

/** Histograms that are counted elsewhere, by the value of their only label. */
export type Counted = Readonly<Record<string, SecondsHistogram>>;

/** A histogram of the library's that shows counts of ours: observing through the library makes text of labels every time. */
export class ReadyHistogram extends Histogram {
  private readonly family: string;
  /** Says the rest of what belongs to a histogram. */
  private readonly blank: Histogram;
  private readonly label: string;
  private readonly counted: Counted;

  constructor({ name, help, label, counted }: { name: string; help: string; label: string; counted: Counted }) {
    super({ name, help, labelNames: [label], registers: [] });
    this.family = name;
    this.blank = new Histogram({ name, help, registers: [] });
    this.label = label;
    this.counted = counted;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const values = Object.entries(this.counted).flatMap(([value, histogram]) => this.valuesOf(value, histogram));
    return { ...(await this.blank.get()), values };
  }

  /** What the library asks for when it writes text. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    return this.get();
  }

  private valuesOf(value: string, histogram: SecondsHistogram): MetricValueWithName<string>[] {
    const name = this.family;
    const labels = { [this.label]: value };
    const { bounds, cumulative, count, sum } = histogram;
    return [
      ...bounds.map((bound, index) => ({ metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: cumulative[index] ?? 0 })),
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
