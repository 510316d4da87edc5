/** The columns that are read; whatever else a file has, `id` included, is passed over. */
export type ColumnName = 'name' | 'api_key' | 'url' | 'priority' | 'models' | 'enabled';

/** At which position of a row each column stands. */
export type Columns = Readonly<Record<'name' | 'api_key' | 'url' | 'models', number>> & {
  readonly priority: number | undefined;
  readonly enabled: number | undefined;
};

const names: Readonly<Record<ColumnName, readonly string[]>> = {
  name: ['name', '名称', '渠道名称'],
  api_key: ['api_key', 'apikey', 'api-key', 'api key', 'key', '密钥', 'api密钥'],
  url: ['url', '地址', '链接', 'base_url'],
  priority: ['priority', '优先级'],
  models: ['models', 'model', 'model_list', '模型', '支持模型', '支持的模型'],
  enabled: ['enabled', 'status', '启用', '状态'],
};

const isNeeded = (position: number | undefined): position is number => position !== undefined;

/**
 * Finds the columns by the names in a header, in English or Chinese, whatever their case; the first of several wins. A
 * sentence that names the missing ones when the file cannot be read without them.
 */
export const columnsOf = (header: readonly string[]): Columns | string => {
  const written = header.map((cell) => cell.replace(/^\uFEFF/, '').trim().toLowerCase());
  const positionOf = (column: ColumnName): number | undefined => {
    const position = written.findIndex((cell) => names[column].includes(cell));
    return position === -1 ? undefined : position;
  };
  const [name, api_key, url, models] = [positionOf('name'), positionOf('api_key'), positionOf('url'), positionOf('models')];
  if (isNeeded(name) && isNeeded(api_key) && isNeeded(url) && isNeeded(models)) {
    return { name, api_key, url, models, priority: positionOf('priority'), enabled: positionOf('enabled') };
  }
  const missing = Object.entries({ name, api_key, url, models }).flatMap(([column, position]) => (isNeeded(position) ? [] : [column]));
  return `the file has no column ${missing.join(', ')}; its first line must name the columns name, api_key, url and models`;
};
