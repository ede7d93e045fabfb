import 'reflect-metadata';
import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  Module,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { contract as createContract } from '../../../../functions/customers/create-customer/contract.ts';
import { contract as pageContract } from '../../../../functions/customers/find-customers/contract.ts';
import { contract as getContract } from '../../../../functions/customers/get-customer/contract.ts';
import { SCHEMAS } from '../mongoose/models.js';
import { mongooseStore } from '../mongoose/store.js';
import { tellAccess } from '../same-work/access.js';
import { seenBy } from '../same-work/answers.js';
import { customersIn } from '../same-work/customers.js';
import { rateLimiter } from '../same-work/rate-limit.js';
import { Keeps, MemberGuard, ProblemFilter, ReadInterceptor, Scope, ZodPipe } from './pipeline.js';

// NestJS and Mongoose: a guard, pipes, an interceptor, a filter; zod for what comes in and goes out, lean reads.
const { PORT, MONGODB_URI, PUBLIC_KEY, ISSUER, AUDIENCE } = process.env;
type Member = Readonly<{ role: string }>;

@Controller('api/v1/customer')
@UseGuards(MemberGuard)
@UseFilters(ProblemFilter)
class CustomerController {
  constructor(@Inject('CUSTOMERS') private readonly customers: ReturnType<typeof customersIn>) {}

  @Get('paged')
  @Keeps(pageContract)
  @UseInterceptors(ReadInterceptor)
  page(@Query(new ZodPipe(pageContract.query)) query: object, @Scope() scope: Member) {
    return this.customers.page(query, scope);
  }

  @Get(':id')
  @Keeps(getContract)
  @UseInterceptors(ReadInterceptor)
  one(@Param(new ZodPipe(getContract.params)) { id }: { id: string }, @Scope() scope: Member) {
    return this.customers.get(id, scope);
  }

  /** It sends the very text that was recorded with the change. */
  @Post()
  @Keeps(createContract)
  async create(
    @Body(new ZodPipe(createContract.body)) draft: object,
    @Headers('idempotency-key') key: string | undefined,
    @Scope() scope: Member,
    @Req() { body: sent, originalUrl, contract, requestId }: any,
    @Res() response: any,
  ) {
    const { statusCode, headers, body, isReplayed } = await this.customers.create(draft, {
      scope,
      repeatable: key && { key, payload: JSON.stringify([originalUrl, sent]) },
      render: (dto: object) => JSON.stringify(createContract.answers[201].parse(seenBy(scope.role, dto))),
    });
    if (isReplayed) {
      response.set('idempotent-replayed', 'true');
      const items = [JSON.parse(body)];
      await tellAccess({ contract, requestId, scope, status: statusCode, items, outcome: 'replayed' });
    }
    response.status(statusCode).set(headers).type('json').send(body);
  }
}

@Module({
  imports: [
    MongooseModule.forRoot(MONGODB_URI!, { maxPoolSize: 2 }),
    MongooseModule.forFeature(Object.entries(SCHEMAS).map(([name, schema]) => ({ name, schema }))),
    JwtModule.register({
      publicKey: PUBLIC_KEY,
      verifyOptions: { algorithms: ['RS256'], issuer: ISSUER, audience: AUDIENCE },
    }),
  ],
  controllers: [CustomerController],
  providers: [
    { provide: 'STORE', useFactory: mongooseStore, inject: [getConnectionToken()] },
    { provide: 'CUSTOMERS', useFactory: customersIn, inject: ['STORE'] },
    { provide: 'ADMIT', useFactory: rateLimiter, inject: ['STORE'] },
  ],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.getHttpAdapter().getInstance().set('etag', false).disable('x-powered-by');
await app.listen(Number(PORT), '127.0.0.1');
