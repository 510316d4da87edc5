import type { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import type { Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { channelFormEn, type ChannelFormTexts } from './channel-form.en.js';
import { channelFormZh } from './channel-form.zh.js';
import { channelsPath } from './list-query.js';

export const formTexts: Spoken<ChannelFormTexts> = { en: channelFormEn, zh: channelFormZh };

/** What is shown of a channel that is there no more, while nothing was typed that could be kept. */
export const channelGonePage = (pages: Pages, visit: Visit): string => {
  const { goneTitle: title, goneText: sentence, back: homeLabel } = speechOf(formTexts, visit).texts;
  return pages.html(visit, { page: 'channels', template: 'problem', title, view: { title, sentence, homeLabel, homePath: channelsPath }, status: 404 });
};
