import { describe, expect, it } from '@jest/globals';
import { EXAMPLE_SETTINGS, SETTING_NAMES, SettingError, stageSettings } from '#infra/stack/stage-settings.ts';

const settings = (given: Readonly<Record<string, unknown>>) =>
  stageSettings({ tryGetContext: (name) => given[name], getAllContext: () => given });

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
      expect(attempt).toThrow(`Missing setting ${name}. Example: -c ${name}=${EXAMPLE_SETTINGS[name]}`);
    },
  );

  it('switch the purge off with the exact word; a misspelled one is refused', () => {
    expect(settings({ ...EXAMPLE_SETTINGS, purge: 'off' }).purgeSwitch).toBe('off');
    expect(() => settings({ ...EXAMPLE_SETTINGS, purge: 'Off' })).toThrow(SettingError);
  });

  it('ship no code cache unless told to', () => {
    expect(settings(EXAMPLE_SETTINGS).codeCache).toBe('off');
    expect(settings({ ...EXAMPLE_SETTINGS, codeCache: 'on' }).codeCache).toBe('on');
    expect(() => settings({ ...EXAMPLE_SETTINGS, codeCache: 'yes' })).toThrow(
      "The setting codeCache must be 'on' or 'off'. It is 'yes'.",
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
    ['no number', { businessBurst: 'many' }, "businessBurst must be a whole number above 0. It is 'many'."],
    [
      'no requests at all',
      { businessRequestsPerSecond: '0' },
      'businessRequestsPerSecond must be a whole number above 0',
    ],
    ['less than one', { stageBurst: '-1' }, 'stageBurst must be a whole number above 0'],
    [
      'a burst below a second',
      { businessBurst: '49' },
      'businessBurst must be at least businessRequestsPerSecond',
    ],
    [
      'a business as big as the stage',
      { businessBurst: '3000' },
      'businessRequestsPerSecond must be below stageRequestsPerSecond',
    ],
    [
      'a stage as small as a business',
      { stageRequestsPerSecond: '50' },
      'businessRequestsPerSecond must be below stageRequestsPerSecond',
    ],
  ])('refuse a limit of %s', (_, given, sentence) => {
    const attempt = () => settings({ ...EXAMPLE_SETTINGS, ...given });
    expect(attempt).toThrow(SettingError);
    expect(attempt).toThrow(sentence);
  });

  it('have no address for alarms unless one is given', () => {
    expect(settings(EXAMPLE_SETTINGS)).not.toHaveProperty('alarmEmail');
    expect(settings({ ...EXAMPLE_SETTINGS, alarmEmail: 'ops@example.com' }).alarmEmail).toBe(
      'ops@example.com',
    );
  });

  it.each([
    ['issuer', 'http://login.example.com/'],
    ['issuer', 'http://localhost:3000/'],
    ['issuer', 'login.example.com'],
    ['issuer', 'https://login.example.com/?tenant=1'],
    ['issuer', 'https://user:password@login.example.com/'],
    ['issuer', 'https://login .example.com/'],
  ])('trust no %s like %s', (name, value) => {
    expect(() => settings({ ...EXAMPLE_SETTINGS, [name]: value })).toThrow(
      'The setting issuer must be an https URL without query.',
    );
  });

  it.each([
    '*',
    'https://*',
    'https://*.example.com',
    'http://panel.example.com',
    'https://panel.example.com/',
    'https://panel.example.com/path',
    'panel.example.com',
    'https://panel.example.com,*',
    'null',
    'http://localhost.example.com',
  ])('allow no origin like %s', (allowedOrigins) => {
    expect(() => settings({ ...EXAMPLE_SETTINGS, allowedOrigins })).toThrow(
      'The setting allowedOrigins must list https origins',
    );
  });

  it('allow a panel that is developed on this machine', () => {
    const allowedOrigins = 'https://panel.example.com,http://localhost:4200,http://127.0.0.1';
    expect(settings({ ...EXAMPLE_SETTINGS, allowedOrigins }).allowedOrigins).toHaveLength(3);
  });

  it.each(['audience', 'allowedOrigins'])('with an empty %s are refused', (name) => {
    expect(() => settings({ ...EXAMPLE_SETTINGS, [name]: '' })).toThrow(`Missing setting ${name}.`);
    expect(() => settings({ ...EXAMPLE_SETTINGS, [name]: ' , ' })).toThrow(`The setting ${name} is empty.`);
  });

  it('make a bus of their own, unless they name one', () => {
    expect(settings(EXAMPLE_SETTINGS)).not.toHaveProperty('eventBus');
    expect(settings({ ...EXAMPLE_SETTINGS, eventBus: 'default' }).eventBus).toBe('default');
  });

  it('archives for reading at once, and locks nothing, unless told otherwise', () => {
    const plain = settings(EXAMPLE_SETTINGS);
    expect(plain.archiveTier).toBe('instant');
    expect(plain).not.toHaveProperty('archiveLockDays');
    const told = settings({ ...EXAMPLE_SETTINGS, archiveTier: 'flexible', archiveLockDays: '36500' });
    expect(told).toMatchObject({ archiveTier: 'flexible', archiveLockDays: 36_500 });
  });

  it.each([
    [{ archiveTier: 'deep' }, "The setting archiveTier must be 'instant' or 'flexible'. It is 'deep'."],
    [{ archiveLockDays: '36501' }, "The setting archiveLockDays must be at most 36500. It is '36501'."],
    [{ archiveLockDays: '0' }, "The setting archiveLockDays must be a whole number above 0. It is '0'."],
    [
      { eventBus: 'arn:aws:events:eu-central-1:1:event-bus/other' },
      'The setting eventBus must be the name of a bus',
    ],
    [{ eventBus: 'a bus' }, 'The setting eventBus must be the name of a bus'],
    [{ archiveLockDay: '30' }, 'There is no setting archiveLockDay. Do you mean archiveLockDays?'],
  ])('refuses %j', (given, sentence) => {
    expect(() => settings({ ...EXAMPLE_SETTINGS, ...given })).toThrow(sentence);
  });

  it.each(SETTING_NAMES.filter((name) => !(name in EXAMPLE_SETTINGS)))(
    'with an empty %s are refused',
    (name) => {
      const attempt = () => settings({ ...EXAMPLE_SETTINGS, [name]: '' });
      expect(attempt).toThrow(SettingError);
      expect(attempt).toThrow(`The setting ${name} is empty. Give it a value, or leave it out.`);
    },
  );

  it.each(['nobody', 'a b@example.com'])('with alarmEmail %s are refused', (alarmEmail) => {
    expect(() => settings({ ...EXAMPLE_SETTINGS, alarmEmail })).toThrow('must be an e-mail address');
  });

  it.each([
    ['alarmMail', 'alarmEmail'],
    ['alarmemail', 'alarmEmail'],
    ['alowedOrigins', 'allowedOrigins'],
    ['Purge', 'purge'],
    ['stage-burst', 'stageBurst'],
    ['businessRequestPerSecond', 'businessRequestsPerSecond'],
  ])('have none that is called %s', (written, meant) => {
    const attempt = () => settings({ ...EXAMPLE_SETTINGS, [written]: 'on' });
    expect(attempt).toThrow(SettingError);
    expect(attempt).toThrow(`There is no setting ${written}. Do you mean ${meant}?`);
  });

  it('list all names where none is near', () => {
    expect(() => settings({ ...EXAMPLE_SETTINGS, colour: 'red' })).toThrow(
      `There is no setting colour. The settings are ${SETTING_NAMES.join(', ')}.`,
    );
  });

  it('leave those of CDK alone', () => {
    const cdk = {
      '@aws-cdk/core:explicitStackTags': true,
      'aws:cdk:bundling-stacks': ['**'],
      'availability-zones:account=1:region=eu-central-1': ['a'],
      'cli-telemetry': false,
      'acknowledged-issue-numbers': [1],
    };
    expect(settings({ ...EXAMPLE_SETTINGS, ...cdk }).issuer).toBe(EXAMPLE_SETTINGS.issuer);
  });

  it('name every setting that is read', () => {
    const read = new Set<string>();
    stageSettings({
      tryGetContext: (name) => {
        read.add(name);
        return EXAMPLE_SETTINGS[name as keyof typeof EXAMPLE_SETTINGS];
      },
      getAllContext: () => ({}),
    });
    expect([...read].sort()).toEqual([...SETTING_NAMES].sort());
  });

  it('of npm start trust an issuer on this machine and pages of any origin', () => {
    const local = {
      local: 'on',
      issuer: 'http://127.0.0.1:3000/_local',
      audience: 'a',
      allowedOrigins: '*',
    };
    expect(settings(local)).toMatchObject({ issuer: local.issuer, allowedOrigins: ['*'] });
    expect(() => settings({ ...local, local: 'off' })).toThrow(SettingError);
    for (const issuer of [
      'http://login.example.com/',
      'https://login.example.com/',
      'http://127.0.0.1.example.com/',
      'http://127.0.0.1@example.com/',
    ])
      expect(() => settings({ ...local, issuer })).toThrow(
        'The setting local is for npm start only. Remove it.',
      );
  });
});
