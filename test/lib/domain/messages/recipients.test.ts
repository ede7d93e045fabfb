import { describe, expect, it } from '@jest/globals';
import { MARKETING, reachedStates, SENDING_CHANNELS } from '#lib/domain/messages/recipients.ts';

describe('what is sent', () => {
  it('goes by channels that a sending service has', () => {
    expect(SENDING_CHANNELS).toEqual(['email', 'sms', 'push']);
  });

  it('reaches live customers, and with marketing active ones only', () => {
    expect(MARKETING).toBe('marketing');
    expect(reachedStates({ purpose: 'marketing', channel: 'email' })).toEqual(['active']);
    for (const purpose of ['reminders', 'feedback', 'Marketing'])
      expect(reachedStates({ purpose, channel: 'email' })).toEqual(['active', 'suspended', 'archived']);
  });
});
