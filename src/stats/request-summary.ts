/** Client requests of a span of time. A client that left (499) is in the total and in neither of the others. */
export interface RequestSummary {
  readonly totalRequests: number;
  /** Answered with 2xx. */
  readonly successRequests: number;
  readonly errorRequests: number;
}
