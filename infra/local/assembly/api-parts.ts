import type { Resource } from './cloud-assembly.ts';
import type { AuthorizerDefinition, CorsDefinition } from './definitions.ts';
import { type JsonObject, isText, listAt, numberAt, objectAt, textAt } from '../json.ts';

export const texts = (values: readonly unknown[]): string[] => values.filter(isText);

/** @throws Error for a stage that is not played */
export const refuseOtherStages = ({ path, properties }: Resource): void => {
  if (properties.StageName !== '$default')
    throw new Error(`${path} is not the $default stage, the only one played here.`);
};

/** @throws Error for an authorizer that is not played */
export const readAuthorizer = ({ path, properties }: Resource): AuthorizerDefinition => {
  const jwt = objectAt(properties, 'JwtConfiguration');
  const [source] = texts(listAt(properties, 'IdentitySource'));
  const header = /^\$request\.header\.(.+)$/.exec(source ?? '')?.[1];
  const issuer = textAt(jwt, 'Issuer');
  if (issuer === undefined || header === undefined) {
    throw new Error(`${path} must name an issuer and one header as its identity source to be played here.`);
  }
  return { issuer, audience: texts(listAt(jwt, 'Audience')), header: header.toLowerCase() };
};

export const readCors = (cors: JsonObject): CorsDefinition => {
  const maxAgeSeconds = numberAt(cors, 'MaxAge');
  return {
    origins: texts(listAt(cors, 'AllowOrigins')),
    methods: texts(listAt(cors, 'AllowMethods')),
    headers: texts(listAt(cors, 'AllowHeaders')),
    exposed: texts(listAt(cors, 'ExposeHeaders')),
    credentials: cors.AllowCredentials === true,
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
};
