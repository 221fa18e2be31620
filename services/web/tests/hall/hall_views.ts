/** Pictures of a hall for tests. */
import type { HallOutcome, HallView } from '../../src/hall/hall_view.ts';

export function hallView(changes: Partial<HallView> = {}): HallView {
  return {
    council_name: 'Hội đồng Thi đua - Khen thưởng tỉnh Lâm Giang',
    meeting_title: 'Họp xét danh hiệu thi đua',
    venue: 'Phòng họp số 1',
    address_form: 'dong_chi',
    hall_shows: 'all',
    state: 'voting',
    ballot_number: 1,
    nominations: 3,
    members: 9,
    present: 8,
    online: 1,
    issued: 9,
    returned: 0,
    announced: false,
    ...changes,
  };
}

export function hallOutcome(no: number, changes: Partial<HallOutcome> = {}): HallOutcome {
  return {
    no,
    name: `Nguyễn Văn ${no}`,
    award: 'Chiến sĩ thi đua cơ sở',
    agree: 8,
    disagree: 1,
    blank: 0,
    base: 9,
    votes_needed: 8,
    share_percent: '88,89',
    passed: true,
    ...changes,
  };
}
