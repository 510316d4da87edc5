import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthModule } from '../auth/auth.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { EventsModule } from '../events/events.module.js';
import { HealthModule } from '../health/health.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { ChannelFormController } from './channels/channel-form.controller.js';
import { ChannelImportController } from './channels/channel-import.controller.js';
import { ChannelListController } from './channels/channel-list.controller.js';
import { ChannelTestPageController } from './channels/channel-test-page.controller.js';
import { PendingFiles } from './channels/pending-files.js';
import { ConnectController } from './connect/connect.controller.js';
import { LoginController } from './login/login.controller.js';
import { LogsController } from './logs/logs.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { OverviewService } from './overview/overview.service.js';
import { StatsController } from './stats/stats.controller.js';
import { TrendController } from './trend/trend.controller.js';
import { AssetsController } from './shell/assets.controller.js';
import { Assets } from './shell/assets.js';
import { PageProblemFilter } from './shell/page-problem.filter.js';
import { Pages } from './shell/pages.js';
import { PreferencesController } from './shell/preferences.controller.js';
import { Templates } from './shell/templates.js';
import { viewsFolder } from './shell/views-folder.js';

const channelControllers = [ChannelListController, ChannelFormController, ChannelTestPageController, ChannelImportController];

@Module({
  imports: [AuthModule, ChannelsModule, CooldownModule, EventsModule, HealthModule, LogsModule, StatsModule],
  controllers: [
    AssetsController, PreferencesController, LoginController, OverviewController, ...channelControllers, LogsController, StatsController, TrendController,
    ConnectController,
  ],
  providers: [
    Pages,
    PendingFiles,
    OverviewService,
    { provide: Templates, useFactory: () => new Templates(viewsFolder) },
    { provide: Assets, useFactory: () => new Assets(join(viewsFolder, 'assets')) },
    { provide: APP_FILTER, useClass: PageProblemFilter },
  ],
})
export class DashboardModule {}
