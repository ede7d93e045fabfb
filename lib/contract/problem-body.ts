import * as z from 'zod';

const ProblemViolation = z.object({
  in: z.enum(['body', 'query', 'path', 'header']),
  pointer: z.string(),
  error: z.string(),
  message: z.string(),
  detail: z.string(),
});

/** An error's body, for both readers: RFC 9457 and the business panel. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    statusCode: z.int(),
    error: z.string(),
    message: z.string(),
    code: z.string(),
    errors: z.array(ProblemViolation).optional(),
    existing: z.object({ _id: z.string(), state: z.string() }).optional(),
    fittingPageSize: z.int().optional(),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details, with the business panel’s own words beside them.',
  });
export type Problem = z.infer<typeof Problem>;
