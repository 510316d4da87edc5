import type { StorageProblem } from '../../domain/storage-problem.js';
import type { SharedTexts } from './shared.en.js';

const storageZh: Readonly<Record<StorageProblem, string>> = {
  'disk-full': '数据库所在磁盘已满',
  'read-only': '数据库不可写入',
  held: '数据库被其他程序占用',
  damaged: '数据库文件已损坏',
  'refused-by-disk': '数据库所在磁盘无法读写',
  unreachable: '无法连接数据库服务器',
};

export const sharedZh: SharedTexts = {
  product: 'ccLoad',
  skipToContent: '跳到正文',
  navigation: '页面',
  pages: { overview: '概览', channels: '渠道', logs: '日志', stats: '统计', trend: '趋势', connect: '接入' },
  settings: '设置',
  language: '语言',
  languageNames: { en: 'English', zh: '中文' },
  theme: '主题',
  themeNames: { system: '跟随系统', light: '浅色', dark: '深色' },
  logOut: '退出登录',
  cancel: '取消',
  close: '关闭',
  dismiss: '知道了',
  showAsTable: '以表格显示',
  chartHint: '拖动放大，双击或 Esc 还原 · 按键 ← → + −',
  resetZoom: '还原缩放',
  lastHours: (hours) => `${hours} 小时`,
  lastDays: (days) => `${days} 天`,
  span: '时间范围',
  previousPage: '上一页',
  nextPage: '下一页',
  connectionLost: '连接已断开，正在重连…',
  sessionEnded: '会话已结束，此页面不再更新。',
  logInAgain: '重新登录',
  notices: {
    defaultPassword: '未设置 CCLOAD_PASS：密码为“admin”，且仅本机可以访问 ccLoad。',
    openProxy: '未设置 CCLOAD_AUTH：任何能访问此地址的人都可以使用您的渠道。',
    storage: (problem) => `无法保存任何数据：${storageZh[problem]}。请求照常转发；日志暂存于内存，更改会被拒绝。`,
  },
  flash: {
    saved: () => '已保存。',
    loggedOut: () => '您已退出登录。',
    sessionHadEnded: () => '会话已结束，未作任何更改。请登录后重新提交。',
    channelAdded: (name) => `已添加渠道 ${name}。`,
    channelCopied: (name) => `已创建 ${name}，暂为停用。请修改不同之处后启用。`,
    channelEnabled: (name) => `${name} 已开始接收请求。`,
    channelDisabled: (name) => `${name} 已停止接收请求。`,
    channelsImported: (counts) => {
      const [created = '0', updated = '0', skipped = '0'] = counts.split(',');
      return `导入完成：新增 ${created}，更新 ${updated}，跳过 ${skipped}。`;
    },
    channelSaved: (name) => `已保存渠道 ${name}。`,
    channelDeleted: (name) => `已删除渠道 ${name}。`,
    channelGone: () => '渠道已删除。',
    cooldownCleared: (name) => `${name} 已恢复服务。`,
  },
  problem: {
    title: '操作未成功',
    notFoundTitle: '没有这个页面',
    notFound: '地址可能有误，或者其内容已被删除。',
    inside: 'ccLoad 内部出错，详情请查看其日志。',
    storage: (problem) => `数据库暂时无法完成此操作：${storageZh[problem]}。`,
    home: '返回概览',
    reference: '服务器返回',
    retryAfter: (seconds) => `请在 ${seconds} 秒后重试。`,
  },
};
