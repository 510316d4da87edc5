import type { RequestSummary } from './request-summary.js';

/** What `GET /public/summary` shows. */
export interface SummaryView {
  readonly total_requests: number;
  readonly success_requests: number;
  readonly error_requests: number;
  readonly active_channels: number;
  readonly active_models: number;
  /** The span the requests were counted over. */
  readonly hours: number;
}

interface Active {
  readonly channels: number;
  readonly models: number;
}

export const summaryView = (requests: RequestSummary, active: Active, hours: number): SummaryView => ({
  total_requests: requests.totalRequests,
  success_requests: requests.successRequests,
  error_requests: requests.errorRequests,
  active_channels: active.channels,
  active_models: active.models,
  hours,
});
