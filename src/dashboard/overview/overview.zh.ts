import type { OverviewTexts } from './overview.en.js';
import { channelStatesZh } from '../text/channel-states.js';
import { coolingReasonsZh } from '../text/cooling-reasons.js';

export const overviewZh: OverviewTexts = {
  title: '概览',
  lastHours: (hours) => `最近 ${hours} 小时`,
  requests: '请求数',
  successRate: '成功率',
  successDetail: '占已应答的请求',
  tokens: 'Token 用量',
  tokensDetail: (input, output) => `输入 ${input} · 输出 ${output}`,
  firstByte: '首字节耗时',
  firstByteDetail: '成功请求的平均值',
  liveNow: '当前进行中',
  liveDetail: '正在处理的请求',
  failed: (count) => `失败 ${count} 次`,
  traffic: '请求趋势',
  time: '时间',
  succeeded: '成功',
  errors: '失败',

  channels: '渠道',
  allChannels: '全部渠道',
  channel: '渠道',
  status: '状态',
  attempts: '尝试次数',
  success: '成功率',
  states: channelStatesZh,
  counted: {
    serving: (count) => `${count} 个服务中`,
    cooling: (count) => `${count} 个冷却中`,
    disabled: (count) => `${count} 个已停用`,
  },
  untilLabel: '剩余',
  moreChannels: (_, shown) => `还有 ${shown} 个渠道`,
  noChannels: '还没有渠道',
  addChannel: '添加渠道',
  noChannelsHint: '一个渠道对应一个上游账号：地址、密钥以及它提供的模型。添加第一个渠道后即可开始转发请求。',
  reasons: coolingReasonsZh,

  live: '实时请求',
  noLive: '当前没有请求。',
  waiting: '等待应答',
  readingRequest: '正在读取请求',
  choosing: '正在选择渠道',
  attempt: (attempt) => `第 ${attempt} 次尝试`,
  moreCalls: (count) => `另有 ${count} 个`,

  lastErrors: '最近的错误',
  noErrors: '最近 24 小时没有失败的尝试。',
  reachedClient: '已返回给客户端',
  movedOn: '已切换渠道',
  noChannelTried: '无渠道',

  begin: '还没有请求经过',
  beginHint: '三步即可转发第一个请求：添加渠道、配置客户端、发送请求。',
  beginAction: '接入客户端',
};
