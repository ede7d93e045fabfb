import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { accessesBy, isAccessLine, withoutRequestIds } from '#test/support/access-lines.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { type Answer, aBusinessId, GATEWAY_ID, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';

const service = useService('account-for');

/** Standard output that takes no entry of the access log, as a broken pipe. */
const withoutAccessLog = async (steps: () => Promise<Answer>): Promise<Answer> => {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: any, ...more: any[]) => {
    if (!isAccessLine(String(chunk))) return write(chunk, ...more);
    more.at(-1)(new Error('EPIPE'));
    return false;
  };
  try {
    return await steps();
  } finally {
    process.stdout.write = write;
  }
};

describe('an entry of the access log', () => {
  it('says who looked at whom, what for, and which fields were in the answer', async () => {
    const business = aBusiness({ actor: 'ola' });
    const customer = await added(business);
    const [entry, ...others] = await accessesBy(() => business.get(customer._id));
    expect(others).toEqual([]);
    expect(entry).toEqual({
      message: 'customer-accessed',
      requestId: expect.stringMatching(GATEWAY_ID),
      useCase: 'get-customer',
      purpose: 'serve-customer',
      actor: 'ola',
      role: 'OWNER',
      business: business.businessId,
      outcome: 'read',
      status: 200,
      filters: [],
      fields: Object.keys(customer),
      masked: [],
      customers: [customer._id],
    });
  });

  it('marks what the role saw masked', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const [entry] = await accessesBy(() => business.as({ role: 'SUPPORT' }).get(_id));
    expect(entry).toMatchObject({ role: 'SUPPORT', masked: ['email', 'phone', 'note'] });
    expect(entry.fields).toEqual(expect.arrayContaining(['firstName', 'email']));
  });

  it('names everybody whom a page showed, and by what was searched, never what for', async () => {
    const business = aBusiness();
    const customers = [await added(business), await added(business)];
    const query = {
      phrase: 'anna',
      state: 'active',
      pageSize: '10',
      page: '1',
      customerType: '',
      members: 'canary@example.com',
    };
    const [entry] = await accessesBy(() => business.find(query));
    expect(entry.filters).toEqual(['phrase', 'state']);
    expect([...entry.customers].sort()).toEqual(customers.map(({ _id }) => _id).sort());
    expect(withoutRequestIds(JSON.stringify(entry))).not.toMatch(/anna|canary/i);
  });

  it('is there for a search that finds nobody, too', async () => {
    const [page] = await accessesBy(() => aBusiness().find({ phrase: 'nobody' }));
    expect(page).toMatchObject({ outcome: 'read', filters: ['phrase'], fields: [], customers: [] });
    const [lookUp] = await accessesBy(() => aBusiness().lookUp({ email: 'nobody@b.example' }));
    expect(lookUp).toMatchObject({
      message: 'access-denied',
      code: 'customer-not-found',
      filters: ['email'],
    });
  });

  it('names the customer that a refused duplicate was shown', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    const [entry] = await accessesBy(() => business.create(aCustomer({ email })));
    expect(entry).toMatchObject({
      message: 'customer-accessed',
      outcome: 'refused',
      status: 409,
      code: 'duplicate-email',
      fields: ['_id', 'state'],
      customers: [_id],
    });
  });

  it('says of a denial who was asked for, and as what', async () => {
    const business = aBusiness();
    const { _id } = await added(aBusiness());
    const [foreign] = await accessesBy(() => business.get(_id));
    const denied = { message: 'access-denied', outcome: 'denied', fields: [], customers: [_id] };
    expect(foreign).toMatchObject({ ...denied, code: 'customer-not-found', status: 404, role: 'OWNER' });
    const [forbidden] = await accessesBy(() => business.as({ role: 'SERVICE' }).delete(_id.toUpperCase()));
    expect(forbidden).toMatchObject({ ...denied, code: 'not-permitted', status: 403, role: 'SERVICE' });
  });

  it('is not there for somebody who is no member: that is logged by the subject, without the business', async () => {
    const business = aBusiness({ claims: { sub: 'eve', business_roles: `${aBusinessId()}:OWNER` } });
    const lines = await linesWrittenBy(() => business.get(aBusinessId()));
    expect(lines.filter(isAccessLine)).toEqual([]);
    const [line] = lines.filter((one) => one.includes('"stranger-refused"'));
    expect(JSON.parse(line!)).toMatchObject({ actor: 'eve', code: 'not-a-member', useCase: 'get-customer' });
    expect(lines.join()).not.toContain(business.businessId);
  });

  it('is not there for a token without a subject that names another business', async () => {
    const claims = { business_roles: `${aBusinessId()}:OWNER` };
    const lines = await linesWrittenBy(() => aBusiness({ claims }).get(aBusinessId()));
    expect(lines.filter(isAccessLine)).toEqual([]);
    const [line] = lines.filter((one) => one.includes('"stranger-refused"'));
    expect(JSON.parse(line!)).not.toHaveProperty('actor');
  });

  it('names nobody when the token does not', async () => {
    const business = aBusiness();
    const claims = { business_roles: `${business.businessId}:OWNER` };
    const [entry] = await accessesBy(() => business.as({ claims }).find());
    expect(entry).toMatchObject({ role: 'OWNER', code: 'unusable-subject' });
    expect(entry).not.toHaveProperty('actor');
  });

  it('is of the request that is named in the answer', async () => {
    let answer: any;
    const [entry] = await accessesBy(async () => (answer = await aBusiness().get(aBusinessId())));
    expect(answer.body.instance).toBe(`urn:request:${entry.requestId}`);
    expect(answer.headers['x-request-id']).toBe(entry.requestId);
  });
});

describe('when the access log cannot be written', () => {
  it('shows nothing and answers 500', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const answer = await withoutAccessLog(() => business.get(customer._id));
    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toContain(customer.lastName);
  });

  it('does not even tell who may not', async () => {
    const answer = await withoutAccessLog(() => aBusiness().get(aBusinessId()));
    expectProblem(answer, 500, 'internal-error');
  });

  it('counts it, for the alarm', async () => {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
    try {
      const lines = await linesWrittenBy(() => withoutAccessLog(() => aBusiness().find()));
      expect(metricsIn(lines)).toEqual(['AuditWriteFailed', 'DefectMet']);
    } finally {
      process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
    }
  });

  it('still changes customers, whose record is their history', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const answer = await withoutAccessLog(() => business.change(_id, { note: 'changed' }));
    expect(answer.status).toBe(200);
    expect(await countIn(service, 'customer_audit', { customerId: _id })).toBe(2);
  });
});
