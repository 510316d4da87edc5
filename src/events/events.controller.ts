import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { eventsDocs } from './events.docs.js';
import { EventsService } from './events.service.js';

@Controller('admin')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get('events') @eventsDocs.events open(@Req() request: Request, @Res() response: Response): void {
    this.events.open(request, response);
  }
}
