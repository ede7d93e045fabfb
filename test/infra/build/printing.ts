import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const withoutComments = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');

/** Whether a file of a bundle could print, beside our own log. */
export const prints = (input: string): boolean =>
  /\bconsole\.\w+|\bprocess\.(?:emitWarning|stdout|stderr)\b/.test(
    withoutComments(readFileSync(join(import.meta.dirname, '../../..', input), 'utf8')),
  );

const FIXED = 'a sentence about settings of the client, without any value of a request';
const ADDRESS = 'the address of the endpoint, when it is no URL';
const TIME = 'the time of an answer without a format, when there is one: of no operation that is used';
const HINT = 'where a developer finds an answer that could not be read, but not the answer';

/** What of the AWS SDK could print, and why nothing personal comes of it. It is in bundles that need a bucket. */
export const PRINTING_OF_THE_SDK: Readonly<Record<string, string>> = {
  '@aws-sdk/client-s3/dist-cjs/index.js': FIXED,
  '@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js': FIXED,
  '@aws-sdk/core/dist-es/submodules/client/region-config-resolver/stsRegionDefaultResolver.js': FIXED,
  '@aws-sdk/core/dist-es/submodules/protocols/xml/XmlShapeSerializer.js': TIME,
  '@aws-sdk/credential-provider-http/dist-cjs/index.js': 'of credentials, which are given to the client',
  '@aws-sdk/credential-provider-node/dist-cjs/index.js': 'of credentials, which are given to the client',
  '@aws-sdk/middleware-sdk-s3/dist-es/submodules/s3/middleware-check-content-length-header/check-content-length-header.js':
    FIXED,
  '@aws-sdk/middleware-sdk-s3/dist-es/submodules/s3/middleware-region-redirect/bucket-endpoint-middleware.js':
    FIXED,
  '@aws-sdk/middleware-sdk-s3/dist-es/submodules/s3/middleware-s3-express/classes/S3ExpressIdentityProviderImpl.js':
    'of a class of storage that is not used',
  '@aws-sdk/nested-clients/dist-es/submodules/sts/auth/httpAuthSchemeProvider.js': FIXED,
  '@smithy/core/dist-es/submodules/client/middleware-stack/MiddlewareStack.js':
    'the names of middleware, when a developer asks',
  '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/checkRegion.js': FIXED,
  '@smithy/core/dist-es/submodules/endpoints/util-endpoints/lib/parseURL.js': ADDRESS,
  '@smithy/core/dist-es/submodules/endpoints/util-endpoints/utils/getEndpointUrl.js': ADDRESS,
  '@smithy/core/dist-es/submodules/protocols/json/codec-v1/JsonShapeDeserializer.js': TIME,
  '@smithy/core/dist-es/submodules/protocols/json/codec-v1/JsonShapeSerializer.js': TIME,
  '@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonBytesStringAdapter.js': FIXED,
  '@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonShapeDeserializer2.js': TIME,
  '@smithy/core/dist-es/submodules/protocols/serde/FromStringShapeDeserializer.js': TIME,
  '@smithy/core/dist-es/submodules/protocols/serde/ToStringShapeSerializer.js': TIME,
  '@smithy/core/dist-es/submodules/retry/util-retry/StandardRetryStrategy.js': FIXED,
  '@smithy/core/dist-es/submodules/schema/middleware/schemaDeserializationMiddleware.js': HINT,
  '@smithy/core/dist-es/submodules/serde/middleware-serde/deserializerMiddleware.js': HINT,
  '@smithy/core/dist-es/submodules/serde/parse-utils.js': TIME,
};

/** What the client of the event bus could print beside that. */
export const PRINTING_OF_THE_BUS: Readonly<Record<string, string>> = {
  '@aws-sdk/client-eventbridge/dist-cjs/index.js': FIXED,
  '@aws-sdk/core/dist-es/submodules/protocols/coercing-serializers.js':
    'values of a wrong type, by functions that the client does not call',
};
