import { channelImportEn, type ChannelImportTexts } from '../../src/dashboard/channels/channel-import.en.js';
import { channelImportZh } from '../../src/dashboard/channels/channel-import.zh.js';
import { channelListEn, type ChannelListTexts } from '../../src/dashboard/channels/channel-list.en.js';
import { channelListZh } from '../../src/dashboard/channels/channel-list.zh.js';
import { connectEn, type ConnectTexts } from '../../src/dashboard/connect/connect.en.js';
import { connectZh } from '../../src/dashboard/connect/connect.zh.js';
import { loginEn, type LoginTexts } from '../../src/dashboard/login/login.en.js';
import { loginZh } from '../../src/dashboard/login/login.zh.js';
import { logsEn, type LogsTexts } from '../../src/dashboard/logs/logs.en.js';
import { logsZh } from '../../src/dashboard/logs/logs.zh.js';
import { requestEn, type RequestTexts } from '../../src/dashboard/logs/request.en.js';
import { requestZh } from '../../src/dashboard/logs/request.zh.js';
import { overviewEn, type OverviewTexts } from '../../src/dashboard/overview/overview.en.js';
import { overviewZh } from '../../src/dashboard/overview/overview.zh.js';
import { statsEn, type StatsTexts } from '../../src/dashboard/stats/stats.en.js';
import { statsZh } from '../../src/dashboard/stats/stats.zh.js';
import { sharedEn, type SharedTexts } from '../../src/dashboard/text/shared.en.js';
import { sharedZh } from '../../src/dashboard/text/shared.zh.js';
import { statusesEn, type StatusTexts } from '../../src/dashboard/text/statuses.en.js';
import { statusesZh } from '../../src/dashboard/text/statuses.zh.js';
import { trendEn, type TrendTexts } from '../../src/dashboard/trend/trend.en.js';
import { trendZh } from '../../src/dashboard/trend/trend.zh.js';

/** The words that a person of one language sees, for journeys that are gone in each. */
export interface PageTexts {
  /** What the browser says that it wants. */
  readonly locale: string;
  readonly shared: SharedTexts;
  readonly statuses: StatusTexts;
  readonly login: LoginTexts;
  readonly connect: ConnectTexts;
  readonly overview: OverviewTexts;
  readonly channels: ChannelListTexts;
  readonly channelImport: ChannelImportTexts;
  readonly logs: LogsTexts;
  readonly request: RequestTexts;
  readonly stats: StatsTexts;
  readonly trend: TrendTexts;
}

const pageTextsEn: PageTexts = {
  ...{ locale: 'en-US', shared: sharedEn, statuses: statusesEn, login: loginEn, connect: connectEn, overview: overviewEn },
  ...{ channels: channelListEn, channelImport: channelImportEn, logs: logsEn, request: requestEn, stats: statsEn, trend: trendEn },
};

export const pageTextsZh: PageTexts = {
  ...{ locale: 'zh-CN', shared: sharedZh, statuses: statusesZh, login: loginZh, connect: connectZh, overview: overviewZh },
  ...{ channels: channelListZh, channelImport: channelImportZh, logs: logsZh, request: requestZh, stats: statsZh, trend: trendZh },
};

export const everyPageTexts: readonly PageTexts[] = [pageTextsEn, pageTextsZh];
