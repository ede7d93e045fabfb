import 'reflect-metadata';
import {
  Body,
  type CanActivate,
  ConflictException,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Injectable,
  Module,
  NotFoundException,
  Param,
  Post,
  Query,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { InjectModel, MongooseModule, Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, IsInt, IsMongoId, IsOptional, Matches, MaxLength, Min } from 'class-validator';
import { Model, Types } from 'mongoose';

// NestJS and Mongoose: a guard, a validation pipe, lean reads, a model that validates on its way in.
const { PORT, MONGODB_URI, PUBLIC_KEY, ISSUER, AUDIENCE } = process.env;
const PAGE_SIZE = 20;

@Schema({ _id: false })
class StateChange {
  @Prop() state: string;
  @Prop() setAt: Date;
}

@Schema({ timestamps: true, collection: 'nest_customer' })
class Customer {
  @Prop({ type: Types.ObjectId, required: true }) businessId: Types.ObjectId;
  @Prop({ type: String, default: null }) firstName: string | null;
  @Prop({ type: String, default: null }) lastName: string | null;
  @Prop({ type: String, default: null }) email: string | null;
  @Prop({ type: String, default: null }) phone: string | null;
  @Prop({ type: String, default: null }) note: string | null;
  @Prop({ default: 'regular' }) customerType: string;
  @Prop({ default: 'active' }) state: string;
  @Prop({ type: [SchemaFactory.createForClass(StateChange)] }) stateHistory: StateChange[];
}
const unique = (field: string) => ({
  unique: true,
  partialFilterExpression: { [field]: { $type: 'string' } },
});
const CustomerSchema = SchemaFactory.createForClass(Customer)
  .index({ businessId: 1, createdAt: -1 })
  .index({ businessId: 1, email: 1 }, unique('email'))
  .index({ businessId: 1, phone: 1 }, unique('phone'));

class Draft {
  @IsOptional() @MaxLength(100) firstName?: string | null;
  @IsOptional() @MaxLength(100) lastName?: string | null;
  @IsOptional() @IsEmail() email?: string | null;
  @IsOptional() @Matches(/^\+?[0-9 ]{6,20}$/) phone?: string | null;
  @IsOptional() @MaxLength(2_000) note?: string | null;
  @IsOptional() @IsIn(['regular', 'unregistered', 'new', 'anonymous']) customerType?: string;
}
class Path {
  @IsMongoId() id: string;
}
class Page {
  @Type(() => Number) @IsInt() @Min(1) page = 1;
}

const Business = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest().businessId,
);
const toDto = ({ __v, businessId, ...customer }: Record<string, unknown>) => customer;

@Injectable()
class MemberGuard implements CanActivate {
  constructor(private readonly tokens: JwtService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest();
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const claims = await this.tokens.verifyAsync(token).catch(() => {
      throw new UnauthorizedException();
    });
    const businessId = request.headers['x-business-tenant-id'];
    const roles = String(claims.business_roles)
      .split(' ')
      .map((membership) => membership.split(':'));
    if (!roles.some(([id, role]) => id === businessId && role === 'OWNER')) throw new ForbiddenException();
    request.businessId = businessId;
    return true;
  }
}

@Injectable()
class CustomerService {
  constructor(@InjectModel(Customer.name) private readonly customers: Model<Customer>) {}

  async findOne(id: string, businessId: string) {
    const customer = await this.customers.findOne({ _id: id, businessId }).lean();
    if (customer === null) throw new NotFoundException();
    return toDto(customer as never);
  }

  async findPage(page: number, businessId: string) {
    const [items, totalSize] = await Promise.all([
      this.customers
        .find({ businessId })
        .sort({ createdAt: -1 })
        .skip((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
        .lean(),
      this.customers.countDocuments({ businessId }),
    ]);
    return { items: items.map((item) => toDto(item as never)), totalSize };
  }

  async create(draft: Draft, businessId: string) {
    const stateHistory = [{ state: 'active', setAt: new Date() }];
    const customer = await this.customers
      .create({ ...draft, businessId, stateHistory } as never)
      .catch((error) => {
        throw error.code === 11_000 ? new ConflictException('duplicate') : error;
      });
    return toDto((customer as unknown as { toObject: () => Record<string, unknown> }).toObject());
  }
}

@Controller('api/v1/customer')
@UseGuards(MemberGuard)
class CustomerController {
  constructor(private readonly customers: CustomerService) {}

  @Get('paged')
  page(@Query() { page }: Page, @Business() businessId: string) {
    return this.customers.findPage(page, businessId);
  }

  @Get(':id')
  one(@Param() { id }: Path, @Business() businessId: string) {
    return this.customers.findOne(id, businessId);
  }

  @Post()
  create(@Body() draft: Draft, @Business() businessId: string) {
    return this.customers.create(draft, businessId);
  }
}

@Module({
  imports: [
    MongooseModule.forRoot(MONGODB_URI!, { maxPoolSize: 2 }),
    MongooseModule.forFeature([{ name: Customer.name, schema: CustomerSchema }]),
    JwtModule.register({
      publicKey: PUBLIC_KEY,
      verifyOptions: { algorithms: ['RS256'], issuer: ISSUER, audience: AUDIENCE },
    }),
  ],
  controllers: [CustomerController],
  providers: [CustomerService],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
await app.listen(Number(PORT), '127.0.0.1');
