import type { ChannelImportTexts } from './channel-import.en.js';

/** What the server says of a row, by how its sentence begins; the wording itself belongs to the API and is English there. */
const rowSentences: readonly (readonly [begins: RegExp, said: string])[] = [
  [/^name must/, '名称须为 1 到 191 个字符'],
  [/^api_key must be the key itself/, '密钥须为完整密钥，而不是掩码形式'],
  [/^api_key must/, '密钥须为可见 ASCII 字符，且不含空格'],
  [/^url must begin/, 'URL 须以 http:// 或 https:// 开头'],
  [/^url must not contain credentials/, 'URL 不能包含用户名或密码'],
  [/^url must not have a query/, 'URL 不能包含 ? 或 # 之后的部分'],
  [/^url must not lead to/, 'URL 不能指向链路本地或云元数据地址；设置 CCLOAD_ALLOW_LINK_LOCAL=true 可放行'],
  [/^url must/, 'URL 须为完整地址，例如 https://api.anthropic.com'],
  [/^models must/, '模型须为 1 到 500 个名称'],
  [/^priority must/, '优先级须为整数'],
  [/^enabled must/, '启用须为空，或 1/true/yes/启用，或 0/false/no/禁用'],
  [/^a quoted cell/, '引号单元格没有结束，或结束后还有内容'],
];

/** What it says of the whole file, in one piece. */
const fileSentences: readonly (readonly [form: RegExp, said: (match: readonly string[]) => string])[] = [
  [/^the file is an Excel workbook/, () => '这是 Excel 工作簿，请另存为“CSV UTF-8”后再导入'],
  [/^the file is neither/, () => '文件不是 UTF-8、UTF-16 或 GBK 编码，请另存为“CSV UTF-8”'],
  [/^the file has no column ([^;]+)/, ([, columns = '']) => `文件缺少列 ${columns.replaceAll(', ', '、')}：首行必须包含 name、api_key、url 和 models`],
  [/^the file has more than (\d+) blank rows/, ([, most = '']) => `文件的空行超过 ${most} 行，请删去空行`],
  [/^the file has more than (\d+) rows/, ([, most = '']) => `文件超过 ${most} 行，请分批导入`],
  [/^and (\d+) more rows/, ([, more = '']) => `另有 ${more} 行无法使用`],
];

const saidOfRow = (sentence: string): string => rowSentences.find(([begins]) => begins.test(sentence))?.[1] ?? sentence;

const said = (sentence: string): string => {
  for (const [form, words] of fileSentences) {
    const match = form.exec(sentence);
    if (match !== null) return words(match);
  }
  return sentence.split('; ').map(saidOfRow).join('；');
};

export const channelImportZh: ChannelImportTexts = {
  title: '导入渠道',
  intro: 'CSV 文件须包含 name、api_key、url 和 models 列，也可包含 priority 和 enabled。名称已存在的渠道会被更新，其余会新增。在您确认预览之前不会保存任何内容。',
  file: 'CSV 文件',
  fileHint: (max) => `最大 ${max} MiB，编码为 UTF-8、UTF-16 或 GBK，以逗号、分号或制表符分隔。`,
  preview: '预览',
  back: '全部渠道',
  summary: '预计结果',
  created: '新增',
  updated: '更新',
  skipped: '跳过',
  rows: (_count, shown) => `共读取 ${shown} 行`,
  errors: '被跳过的行',
  line: '行号',
  problem: '问题',
  confirm: (_count, shown) => `导入 ${shown} 行`,
  nothing: '此文件中没有可以导入的行。',
  kept: (minutes) => `文件仅在内存中保留 ${minutes} 分钟，之后即被清除。`,
  another: '选择其他文件',
  expired: '预览已失效：文件已导入，或已超过保留时间。请重新选择文件。',
  busy: '等待中的更改过多，未导入任何内容，请稍后重新选择文件。',
  missing: '请先选择文件。',
  empty: '文件是空的。',
  tooLarge: (max) => `文件超过 ${max} MiB，请拆分后依次导入。`,
  say: said,
};
