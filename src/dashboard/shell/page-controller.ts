import { applyDecorators, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** A controller of pages: below `/web`, and left out of the description of the API. */
export const PageController = (path = 'web'): ClassDecorator => applyDecorators(Controller(path), ApiExcludeController());
