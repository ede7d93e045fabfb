import { randomUUID } from 'node:crypto';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { concatMap } from 'rxjs';
import { tellAccess, tellDenial } from '../same-work/access.js';
import { headersOf, problemOf, PROTECTIVE_HEADERS, seenBy } from '../same-work/answers.js';
import { memberOf } from '../same-work/member.js';

/** Says which contract a route keeps. */
export const Keeps = (contract: object) => SetMetadata('contract', contract);

/** Who asks, as the guard found out. */
export const Scope = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest().scope,
);

@Injectable()
export class ZodPipe implements PipeTransform {
  constructor(private readonly schema: { parse: (value: unknown) => unknown }) {}

  transform(value: unknown) {
    return this.schema.parse(value);
  }
}

@Injectable()
export class MemberGuard implements CanActivate {
  constructor(
    private readonly tokens: JwtService,
    private readonly reflector: Reflector,
    @Inject('ADMIT') private readonly admit: (scope: unknown) => Promise<void>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest();
    http.getResponse().set(PROTECTIVE_HEADERS);
    request.requestId = randomUUID();
    request.contract = this.reflector.get('contract', context.getHandler());
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const claims = await this.tokens.verifyAsync(token).catch(() => {
      throw new UnauthorizedException();
    });
    const business = request.headers['x-business-tenant-id'];
    const { contract, requestId } = request;
    request.scope = memberOf({ claims, business, contract, requestId });
    await this.admit(request.scope);
    return true;
  }
}

/** Shows as much of what was read as the contract declares and the role may see, once it is in the access log. */
@Injectable()
export class ReadInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const { contract, requestId, scope } = context.switchToHttp().getRequest();
    const response = context.switchToHttp().getResponse();
    return next.handle().pipe(
      concatMap(async (read) => {
        const seen = read.items
          ? { ...read, items: read.items.map((dto: object) => seenBy(scope.role, dto)) }
          : seenBy(scope.role, read);
        const body = contract.answers[200].parse(seen);
        await tellAccess({ contract, requestId, scope, status: 200, items: body.items ?? [body] });
        if (body._version !== undefined) response.set(headersOf(body));
        return body;
      }),
    );
  }
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  async catch(error: Error, host: ArgumentsHost) {
    const response = host.switchToHttp().getResponse();
    if (error instanceof HttpException) return response.status(error.getStatus()).json(error.getResponse());
    const { contract, requestId, scope, params } = host.switchToHttp().getRequest();
    const { code, status, body } = problemOf(error, requestId);
    await tellDenial({ contract, requestId, scope, status, code, id: params.id });
    response.status(status).type('application/problem+json').json(body);
  }
}
