import { AdminClient } from '../support/admin-client.js';
import type { Answer, Ask } from '../support/client.js';
import type { Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';
import { csvOf, importAsk, inCsv } from './csv-file.js';
import { keyText, passwordText, type Planted } from './planted.js';
import { askedFor, wholeText } from './whole-text.js';

const jsonType = [['content-type', 'application/json']] as const;
const formType = [['content-type', 'application/x-www-form-urlencoded'], ['accept', 'text/html']] as const;

const posted = (path: string, fields: Readonly<Record<string, string>>): Ask => ({ path, headers: formType, body: new URLSearchParams(fields).toString() });
const sent = (method: string, path: string, value?: object): Ask => ({ method, path, headers: jsonType, ...(value === undefined ? {} : { body: JSON.stringify(value) }) });

/** What an operator does with success: what was asked for, and what the answers say. */
export class Deeds {
  readonly asked: string[] = [];
  readonly told: string[] = [];

  constructor(
    private readonly gateway: Gateway,
    private readonly planted: Planted,
  ) {}

  /** All of them, one after the other. */
  async doAll(): Promise<void> {
    const url = await this.carelessUpstream();
    await this.byApi(url);
    await this.onPages(url);
    await this.comeAndGo();
  }

  private async do(ask: Ask, by: AdminClient = this.gateway.admin): Promise<Answer> {
    const answer = await this.see(ask, by);
    this.told.push(`${askedFor(ask)} ${wholeText(answer)}`);
    return answer;
  }

  /** As `do`, where the contract says that a key is shown. */
  private async see(ask: Ask, by: AdminClient = this.gateway.admin): Promise<Answer> {
    const answer = await by.send(ask);
    if (answer.status < 200 || answer.status >= 400) throw new Error(`${askedFor(ask)} answered ${answer.status}: ${answer.text}`);
    this.asked.push(askedFor(ask));
    return answer;
  }

  private async idOf(ask: Ask): Promise<number> {
    const { data }: { readonly data: { readonly id: number } } = JSON.parse((await this.do(ask)).text);
    return data.id;
  }

  /** Repeats the key in every way that it can think of, to whoever tests the channel. */
  private async carelessUpstream(): Promise<string> {
    const key = keyText(this.planted.key);
    const message = `key ${key}, ${Buffer.from(`Bearer ${key}`).toString('base64')}, ${encodeURIComponent(key)}, ${JSON.stringify(key)}`;
    const body = JSON.stringify({ error: { type: 'x', message } }).replaceAll('/', '\\/');
    return (await this.gateway.upstreamThat(() => json(401, body))).url;
  }

  private async byApi(url: string): Promise<void> {
    const { key, replacedKey, deletedKey, importedKey, prompt } = this.planted;
    const channel = { url, models: ['by-hand'] };
    const kept = await this.idOf(sent('POST', '/admin/channels', { ...channel, name: 'kept', api_key: keyText(replacedKey) }));
    await this.do(sent('PUT', `/admin/channels/${kept}`, { ...channel, name: 'kept', api_key: keyText(key) }));
    await this.do(sent('PUT', `/admin/channels/${kept}`, { enabled: true }));
    await this.do(sent('GET', `/admin/channels/${kept}`));
    for (const stream of [false, true]) await this.do(sent('POST', `/admin/channels/${kept}/test`, { model: 'by-hand', content: prompt.core, stream }));
    await this.do(sent('POST', `/admin/channels/${kept}/cooldown`, { duration_ms: 5_000 }));
    await this.do(sent('DELETE', `/admin/channels/${kept}/cooldown`));
    const gone = await this.idOf(sent('POST', '/admin/channels', { ...channel, name: 'gone', api_key: keyText(deletedKey) }));
    await this.see(sent('GET', `/admin/channels/${gone}/key`));
    await this.see(sent('GET', '/admin/channels/export'));
    await this.do(sent('DELETE', `/admin/channels/${gone}`));
    await this.do(importAsk('/admin/channels/import', csvOf([`brought in,${inCsv(keyText(importedKey))},https://a.example,m`])));
  }

  private async onPages(url: string): Promise<void> {
    const { key, replacedKey, deletedKey, importedKey } = this.planted;
    const form = { name: 'by form', url, models: 'by-form', priority: '0', enabled: 'true' };
    await this.do(posted('/web/channels/new', { ...form, api_key: keyText(replacedKey) }));
    const id = (await this.gateway.admin.channels()).find(({ name }) => name === 'by form')?.id ?? 0;
    await this.do(posted(`/web/channels/${id}/edit`, { ...form, api_key: keyText(key) }));
    for (const stream of ['', 'true']) await this.do(posted(`/web/channels/${id}/test`, { type: 'openai', model: 'by-form', content: 'hello', stream }));
    await this.do(posted(`/web/channels/${id}/edit`, { ...form, api_key: keyText(deletedKey) }));
    await this.do(posted('/web/channels', { disable: String(id) }));
    await this.do(posted('/web/channels.html', { enable: String(id) }));
    await this.do(posted('/web/channels/request-urls', { url }));
    await this.do(posted(`/web/channels/${id}/delete`, {}));
    const preview = await this.do(importAsk('/web/channels/import', csvOf([`brought in,${inCsv(keyText(importedKey))},https://b.example,m`])));
    const page = await this.do({ method: 'GET', path: preview.header('location') ?? '', headers: [['accept', 'text/html']] });
    const file = /name="file" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    await this.do(posted('/web/channels/import/confirm', { file }));
    await this.do({ method: 'GET', path: '/web/channels/import/confirm', headers: [['accept', 'text/html']] });
    await this.do(posted('/web/preferences', { language: 'en', theme: 'dark', back: '/web/' }));
  }

  /** The first session stays; others are begun and ended in each way that there is. */
  private async comeAndGo(): Promise<void> {
    const password = passwordText(this.planted);
    const begin = [sent('POST', '/login', { password }), ...['/web/login', '/web/login.html'].map((path) => posted(path, { password, redirect: '/web/' }))];
    const end = [sent('POST', '/logout'), sent('GET', '/logout'), posted('/web/logout', {})];
    for (const ask of [...begin, ...end]) await this.do(ask, await AdminClient.login(this.gateway.port, password));
  }
}
