/** Why a channel cools, by what the policy of failures and the operator's hand call it. */
export const coolingReasonsEn = {
  'credit exhausted': 'credit exhausted',
  'key refused': 'key refused',
  'model not found': 'model not found',
  'asked to try later': 'asked to try later',
  'rate limit': 'rate limit',
  'account limit': 'account limit',
  'server error': 'server error',
  'not an API answer': 'not an API answer',
  unreachable: 'unreachable',
  'hung up': 'hung up',
  'timed out': 'timed out',
  'answer broke off': 'answer broke off',
  'set by an operator': 'set by an operator',
};

export const coolingReasonsZh: typeof coolingReasonsEn = {
  'credit exhausted': '额度用尽',
  'key refused': '密钥被拒绝',
  'model not found': '没有该模型',
  'asked to try later': '上游要求稍后重试',
  'rate limit': '触发限流',
  'account limit': '账号受限',
  'server error': '上游服务器错误',
  'not an API answer': '返回的不是 API 应答',
  unreachable: '无法连接',
  'hung up': '上游断开连接',
  'timed out': '超时',
  'answer broke off': '应答中断',
  'set by an operator': '由管理员设置',
};

/** The reason in the language of the texts; one that they do not know, of a later version, stays as it is. */
export const reasonText = (reason: string, texts: typeof coolingReasonsEn): string => new Map(Object.entries(texts)).get(reason) ?? reason;
