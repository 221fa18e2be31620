/** Who holds an office in a meeting, by name. */
import type { ElectionView, Officer } from '../api/types.ts';
import { t } from '../words/words.ts';
import type { MeetingPicture } from './meeting_board.ts';

/** "Chủ tọa Đinh Quang Lộc": for sentences that say who does what. */
export function officerName(
  picture: MeetingPicture,
  election: ElectionView,
  officer: Officer,
): string {
  const title = t(`secretary.officer_${officer}`);
  const no = officer === 'presiding' ? picture.meeting.presiding : tellerOf(election, officer);
  const name = picture.council.members.find((member) => member.no === no)?.name;
  return name === undefined ? title : `${title} (${name})`;
}

function tellerOf(election: ElectionView, officer: Officer): number | undefined {
  return officer === 'head_teller' ? election.counting_team?.members[0] : undefined;
}
