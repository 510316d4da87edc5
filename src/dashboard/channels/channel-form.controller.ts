import { Body, Get, Post } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { secondMs } from '../../domain/time.js';
import { callerOf } from '../../http/caller.js';
import { PathId } from '../../http/path-id.js';
import { TryLaterException } from '../../http/problem-filter.js';
import { formValues } from '../shell/parse-form.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, redirectTo, type Visit } from '../shell/visit.js';
import { channelFormOf, entryOf, versionIn, type ChannelForm } from './channel-form.js';
import { channelFormView, type FormRefusal, type StoredFacts } from './channel-form.view.js';
import { channelGonePage, formTexts } from './channel-gone.js';
import { channelsPath } from './list-query.js';
import { requestUrlsView } from './request-urls.view.js';

const statusOf: Readonly<Record<FormRefusal['kind'], number>> = { invalid: 400, 'name-taken': 409, stale: 409, busy: 503, gone: 404 };

/** Adding, editing and deleting a channel. */
@PageController('web/channels')
export class ChannelFormController {
  constructor(
    private readonly pages: Pages,
    private readonly channels: ChannelsService,
  ) {}

  @Get('new') blank(@FromVisit() visit: Visit): string {
    return this.page(visit, undefined);
  }

  @Post('new') async create(@FromVisit() visit: Visit, @Body() body: unknown): Promise<string> {
    const form = channelFormOf(body);
    const { api_key: key = '', ...entry } = entryOf(form, true);
    const fields = this.channels.faults({ ...entry, api_key: key });
    if (fields.length > 0) return this.page(visit, undefined, form, { kind: 'invalid', fields });
    const created = await this.channels.create({ ...entry, api_key: key }, callerOf(visit.request));
    if (typeof created === 'string') return this.page(visit, undefined, form, { kind: created === 'busy' ? 'busy' : 'name-taken' });
    return redirectTo(visit, channelsPath, { key: 'channelAdded', subject: entry.name });
  }

  /** What the form shows below the URL while it is typed. */
  @Post('request-urls') requestUrls(@FromVisit() visit: Visit, @Body() body: unknown): string {
    const { texts } = speechOf(formTexts, visit);
    const url = formValues(body, ['url']).url.trim().slice(0, this.channels.bounds.urlCharsMax);
    const view = requestUrlsView(url, this.channels.urlFault(url), texts);
    return this.pages.html(visit, { page: 'channels', template: 'request-urls', title: texts.requestUrls, view });
  }

  @Get(':id/edit') edit(@FromVisit() visit: Visit, @PathId() id: number): string {
    const stored = this.stored(id);
    return stored === undefined ? channelGonePage(this.pages, visit) : this.page(visit, stored);
  }

  @Post(':id/edit') async save(@FromVisit() visit: Visit, @PathId() id: number, @Body() body: unknown): Promise<string> {
    const form = channelFormOf(body);
    const { api_key: key, ...entry } = entryOf(form, false);
    const fields = this.channels.faults({ ...entry, api_key: key });
    const stored = this.stored(id);
    if (stored === undefined) return this.page(visit, undefined, form, { kind: 'gone' });
    if (fields.length > 0) return this.page(visit, stored, form, { kind: 'invalid', fields });
    const version = versionIn(form.updated_at);
    const changes = { ...entry, ...(key === undefined ? {} : { api_key: key }), ...(version === undefined ? {} : { updated_at: version }) };
    const saved = await this.channels.update(id, changes, callerOf(visit.request));
    if (saved === 'name-taken' || saved === 'stale' || saved === 'busy') return this.page(visit, this.stored(id), form, { kind: saved });
    if (saved === 'unknown') return this.page(visit, undefined, form, { kind: 'gone' });
    return redirectTo(visit, channelsPath, { key: 'channelSaved', subject: entry.name });
  }

  @Get(':id/delete') ask(@FromVisit() visit: Visit, @PathId() id: number): string {
    const { texts } = speechOf(formTexts, visit);
    const stored = this.stored(id);
    if (stored === undefined) return channelGonePage(this.pages, visit);
    const title = texts.deleteTitle(stored.name);
    const view = { title, texts, action: `${channelsPath}/${id}/delete`, listPath: channelsPath };
    return this.pages.html(visit, { page: 'channels', template: 'channel-delete', title, view, styles: ['channels.css'] });
  }

  @Post(':id/delete') async remove(@FromVisit() visit: Visit, @PathId() id: number): Promise<string> {
    const name = this.stored(id)?.name;
    const removed = await this.channels.remove(id, callerOf(visit.request));
    // It is gone, as it was meant to be: by somebody else, or by the same form before.
    if (removed === 'unknown' || name === undefined) return redirectTo(visit, channelsPath, { key: 'channelGone', subject: '' });
    if (removed !== 'removed') throw new TryLaterException(503, 'too many changes are waiting already', secondMs);
    return redirectTo(visit, channelsPath, { key: 'channelDeleted', subject: name });
  }

  /** `undefined` when there is no such channel (any more). */
  private stored(id: number): StoredFacts | undefined {
    const found = this.channels.find(id);
    return found === 'unknown' ? undefined : found;
  }

  private page(visit: Visit, stored: StoredFacts | undefined, form?: ChannelForm, refusal?: FormRefusal): string {
    const urlFault = this.channels.urlFault(form?.url ?? stored?.url ?? '');
    const facts = { stored, urlFault, bounds: this.channels.bounds, ...(form === undefined ? {} : { form }), ...(refusal === undefined ? {} : { refusal }) };
    const view = channelFormView(facts, speechOf(formTexts, visit));
    const status = refusal === undefined ? 200 : statusOf[refusal.kind];
    return this.pages.html(visit, { page: 'channels', template: 'channel-form', title: view.title, view, status, scripts: ['channel-form.js'], styles: ['channels.css'] });
  }
}
