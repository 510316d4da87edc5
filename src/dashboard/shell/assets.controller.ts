import { Get, NotFoundException, Req, Res, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Assets, type Coding } from './assets.js';
import { PageController } from './page-controller.js';

const codings: Coding[] = ['br', 'gzip', 'identity'];
const isCoding = (text: string | false): text is Coding => codings.some((coding) => coding === text);

/** An address with an old digest still works, but is not kept: a page from before an update ends up with what there is now. */
const keeping = (isCurrent: boolean): string => (isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache');

@PageController('web/assets')
export class AssetsController {
  constructor(private readonly assets: Assets) {}

  @Get(':digest/*name') file(@Req() request: Request, @Res({ passthrough: true }) response: Response): StreamableFile {
    const [, digest = '', name = ''] = /\/assets\/([^/]+)\/(.+)$/i.exec(request.path) ?? [];
    const asset = this.assets.find(name);
    if (asset === undefined) throw new NotFoundException('there is no such file');
    const accepted = request.acceptsEncodings(codings);
    const coding = isCoding(accepted) ? accepted : 'identity';
    response.set({ 'Cache-Control': keeping(digest === this.assets.digest), Vary: 'Accept-Encoding' });
    if (coding !== 'identity') response.set('Content-Encoding', coding);
    return new StreamableFile(asset.bodies[coding], { type: asset.type, length: asset.bodies[coding].length });
  }
}
