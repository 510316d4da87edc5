import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LoginDto, type LoginAnswer } from './auth.dto.js';
import { authDocs } from './auth.docs.js';
import { AuthService } from './auth.service.js';

@Controller()
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('login') @HttpCode(200) @authDocs.login login(
    @Body() input: LoginDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginAnswer> {
    return this.auth.login(input, request, response);
  }

  @Post('logout') @HttpCode(200) @authDocs.logout logout(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginAnswer> {
    return this.auth.logout(request, response);
  }

  @Get('logout') @authDocs.logoutByLink logoutByLink(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginAnswer> {
    return this.auth.logout(request, response);
  }
}
