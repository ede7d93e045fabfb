import type { Answer, Engine } from '../engine.ts';
import type { Request } from '../request.ts';

export const explain = async (_request: Request, _engine: Engine): Promise<Answer> => Promise.resolve({ ok: 1 });
