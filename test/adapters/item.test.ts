import { describe, expect, it } from 'vitest';
import { eventsIn } from '../../functions/adapters/item.ts';

describe('an event and what it entailed', () => {
  it('are of the lead whose partition they have gone over to', () => {
    const event = {
      id: 'evt_1',
      key: 'form:1',
      type: 'form.submitted',
      at: '2027-03-01T02:00:00.000Z',
      definition: 'd',
    };
    const entailed = [{ ...event, key: 'form:1#asset.downloaded', leadId: 'lead_merged' }];
    const read = eventsIn({ sk: 'EVT#1', body: { ...event, leadId: 'lead_survivor', entailed } });
    expect(read.map(({ key, leadId }) => [key, leadId])).toEqual([
      ['form:1', 'lead_survivor'],
      ['form:1#asset.downloaded', 'lead_survivor'],
    ]);
  });
});
