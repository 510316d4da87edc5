import { MayBeAbsent, Obeys, wholeNumberRule } from '../http/field-rules.js';
import { Digits } from '../http/query-values.js';
import { metricsBucketMinutesMax, statsHoursMax } from './metrics-span.js';

/** Query of `GET /admin/stats`. */
export class StatsQueryDto {
  @Digits() @MayBeAbsent() @Obeys(wholeNumberRule('hours', 1, statsHoursMax)) readonly hours?: number;
}

/** Query of `GET /admin/metrics`. */
export class MetricsQueryDto extends StatsQueryDto {
  @Digits() @MayBeAbsent() @Obeys(wholeNumberRule('bucket_min', 1, metricsBucketMinutesMax)) readonly bucket_min?: number;
}
