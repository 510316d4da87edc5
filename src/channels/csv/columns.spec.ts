import { describe, expect, it } from '@jest/globals';
import { columnsOf } from './columns.js';

describe('the columns of a file', () => {
  it.each([
    ['id,name,api_key,url,priority,models,enabled', [1, 2, 3, 5, 4, 6]],
    ['\uFEFF Name , API_KEY,Url,MODELS', [0, 1, 2, 3, undefined, undefined]],
    ['名称,密钥,地址,模型,优先级,启用', [0, 1, 2, 3, 4, 5]],
    ['渠道名称,API密钥,链接,支持的模型,优先级,状态', [0, 1, 2, 3, 4, 5]],
    ['支持模型,api密钥,base_url,name', [3, 1, 2, 0, undefined, undefined]],
    ['model_list,apikey,url,name,status', [3, 1, 2, 0, undefined, 4]],
    ['model,api-key,url,name', [3, 1, 2, 0, undefined, undefined]],
    ['models,api key,url,name', [3, 1, 2, 0, undefined, undefined]],
    ['models,key,url,name,colour', [3, 1, 2, 0, undefined, undefined]],
    ['name,name,key,url,models', [0, 2, 3, 4, undefined, undefined]],
  ])('are found in %j', (header, [name, api_key, url, models, priority, enabled]) => {
    expect(columnsOf(header.split(','))).toEqual({ name, api_key, url, models, priority, enabled });
  });

  it.each([
    ['', 'name, api_key, url, models'],
    ['name', 'api_key, url, models'],
    ['api_key,url,models', 'name'],
    ['name,url,models', 'api_key'],
    ['name,key,models', 'url'],
    ['name,key,url', 'models'],
    ['names,keys,urls,modelz', 'name, api_key, url, models'],
  ])('are missed in %j', (header, missing) => {
    expect(columnsOf(header.split(','))).toMatch(new RegExp(`^the file has no column ${missing};`));
  });
});
