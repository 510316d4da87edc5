import type { LoginTexts } from './login.en.js';

export const loginZh: LoginTexts = {
  title: '登录',
  password: '密码',
  hint: 'CCLOAD_PASS 的值。',
  submit: '登录',
  missing: '请输入密码。',
  tooLong: '输入超过了密码的最大长度。',
  wrong: '密码错误。',
  wait: (minutes) => `登录失败次数过多，请在 ${minutes} 分钟后重试。`,
};
