import { describe, expect, it } from '@jest/globals';
import { EXAMPLE_SETTINGS, SettingError, stageSettings } from '#infra/stages.ts';

const settings = (given: Readonly<Record<string, unknown>>) =>
  stageSettings({ tryGetContext: (name) => given[name] });

describe('the settings of a stage', () => {
  it('are read from the context, lists by commas', () => {
    expect(
      settings({ ...EXAMPLE_SETTINGS, audience: 'a, b,', allowedOrigins: 'https://x.example.com' }),
    ).toMatchObject({
      issuer: EXAMPLE_SETTINGS.issuer,
      audience: ['a', 'b'],
      allowedOrigins: ['https://x.example.com'],
      purgeSwitch: 'on',
    });
  });

  it.each(['issuer', 'audience', 'allowedOrigins'] as const)(
    'without %s is one sentence that shows how',
    (name) => {
      const attempt = () => settings({ ...EXAMPLE_SETTINGS, [name]: undefined });
      expect(attempt).toThrow(SettingError);
      expect(attempt).toThrow(`Say which ${name} to use, for example: -c ${name}=${EXAMPLE_SETTINGS[name]}`);
    },
  );

  it('switch the purge off by that very word; a misspelt one is refused', () => {
    expect(settings({ ...EXAMPLE_SETTINGS, purge: 'off' }).purgeSwitch).toBe('off');
    expect(() => settings({ ...EXAMPLE_SETTINGS, purge: 'Off' })).toThrow(SettingError);
  });

  it('ship no code cache unless told to', () => {
    expect(settings(EXAMPLE_SETTINGS).codeCache).toBe('off');
    expect(settings({ ...EXAMPLE_SETTINGS, codeCache: 'on' }).codeCache).toBe('on');
    expect(() => settings({ ...EXAMPLE_SETTINGS, codeCache: 'yes' })).toThrow(
      "The setting codeCache is 'on' or 'off', not 'yes'.",
    );
  });

  it('limit each business, and the stage around it, as they are told', () => {
    expect(settings(EXAMPLE_SETTINGS)).toMatchObject({
      businessLimit: { perSecond: 50, burst: 1_200 },
      stageLimit: { perSecond: 1_000, burst: 3_000 },
    });
    const told = {
      businessRequestsPerSecond: '5',
      businessBurst: '10',
      stageRequestsPerSecond: '6',
      stageBurst: '11',
    };
    expect(settings({ ...EXAMPLE_SETTINGS, ...told })).toMatchObject({
      businessLimit: { perSecond: 5, burst: 10 },
      stageLimit: { perSecond: 6, burst: 11 },
    });
  });

  it.each([
    ['no number', { businessBurst: 'many' }, 'businessBurst is a whole number above 0'],
    ['no requests at all', { businessRequestsPerSecond: '0' }, 'businessRequestsPerSecond is a whole number'],
    ['less than one', { stageBurst: '-1' }, 'stageBurst is a whole number above 0'],
    ['a burst below a second', { businessBurst: '49' }, 'businessBurst must not be below'],
    ['a business as big as the stage', { businessBurst: '3000' }, 'must be below that of the stage'],
    ['a stage as small as a business', { stageRequestsPerSecond: '50' }, 'must be below that of the stage'],
  ])('refuse a limit of %s', (_, given, sentence) => {
    const attempt = () => settings({ ...EXAMPLE_SETTINGS, ...given });
    expect(attempt).toThrow(SettingError);
    expect(attempt).toThrow(sentence);
  });

  it('name nobody to write to unless they are told', () => {
    expect(settings(EXAMPLE_SETTINGS)).not.toHaveProperty('alarmEmail');
    expect(settings({ ...EXAMPLE_SETTINGS, alarmEmail: 'ops@example.com' }).alarmEmail).toBe(
      'ops@example.com',
    );
  });
});
