/** Choosing tellers and their head among the members. */
import type { JSX } from 'preact';

import type { MemberView } from '../api/types.ts';
import { t } from '../words/words.ts';

export function TeamTable(props: {
  members: readonly MemberView[];
  team: readonly number[];
  onToggle: (no: number) => void;
  onHead: (no: number) => void;
}): JSX.Element {
  const { members, team, onToggle, onHead } = props;
  return (
    <ul class="plain-list card">
      {members.map((member) => {
        const isIn = team.includes(member.no);
        return (
          <li class="row spread" key={member.no}>
            <label class="check">
              <input type="checkbox" checked={isIn} onChange={() => onToggle(member.no)} />
              <span>
                <strong>{member.name}</strong>
                <br />
                <span class="quiet">
                  {[member.position, member.council_role].filter((each) => each !== '').join(' · ')}
                  {member.enrolled ? '' : ` · ${t('secretary.not_enrolled')}`}
                </span>
              </span>
            </label>
            {isIn ? (
              <label class="choice">
                <input
                  type="radio"
                  name="head-teller"
                  checked={team[0] === member.no}
                  aria-label={t('secretary.head_teller_name', { name: member.name })}
                  onChange={() => onHead(member.no)}
                />
                <span>{t('secretary.head_teller')}</span>
              </label>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
