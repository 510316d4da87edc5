/** What a channel does at the moment, in one word on every page. */
export const channelStatesEn = { serving: 'Serving', cooling: 'Cooling', disabled: 'Disabled' };

export const channelStatesZh: typeof channelStatesEn = { serving: '服务中', cooling: '冷却中', disabled: '已停用' };
