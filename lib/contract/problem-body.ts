import * as z from 'zod';

const ProblemViolation = z.object({
  in: z.enum(['body', 'query', 'path', 'header']),
  pointer: z.string(),
  error: z.string(),
  message: z.string(),
  detail: z.string(),
});

/** The body of an error, in the forms of both RFC 9457 and the business panel. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({
      description:
        'What is wrong, for people; `message` is the same. `errors` repeats none of its sentences.',
    }),
    instance: z.string(),
    statusCode: z.int(),
    error: z.string(),
    message: z.string(),
    code: z.string(),
    errors: z.array(ProblemViolation).optional(),
    existing: z.object({ _id: z.string(), state: z.string() }).optional(),
    survivorId: z.string().optional(),
    fittingPageSize: z.int().optional(),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details, together with the fields that the business panel reads.',
  });
export type Problem = z.infer<typeof Problem>;
