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

  it('name nobody to write to unless they are told', () => {
    expect(settings(EXAMPLE_SETTINGS)).not.toHaveProperty('alarmEmail');
    expect(settings({ ...EXAMPLE_SETTINGS, alarmEmail: 'ops@example.com' }).alarmEmail).toBe(
      'ops@example.com',
    );
  });
});
