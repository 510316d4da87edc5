import type { StatusTexts } from './statuses.en.js';

export const statusesZh: StatusTexts = {
  words: {
    200: '成功',
    400: '请求有误',
    401: '密钥被拒绝',
    402: '需要付费',
    403: '禁止访问',
    404: '未找到',
    408: '请求过慢',
    413: '请求过大',
    429: '触发限流',
    499: '客户端断开',
    500: '服务器错误',
    502: '网关错误',
    503: '服务不可用',
    504: '超时',
    529: '上游过载',
  },
  others: { good: '成功', warn: '被拒绝', bad: '失败' },
};
