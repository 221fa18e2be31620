/** Sentences of a paper that its record gives word for word: people, places, times. */

import { awardLists, Counted, type CountedCase, finalCases, person, twoDigits } from './counted.ts';
import { squeeze } from './text_lines.ts';

const MOTTO = 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc';

/** A sentence that the paper must print in just these words. */
export interface Sentence {
  readonly name: string;
  readonly text: string;
}

/** What a counting minute says of its record, in just these words. */
export function countingSentences(counted: Counted): Sentence[] {
  const { terms } = counted.evidence;
  const { passed, cases } = counted;
  const roster = new Map(counted.members.map((member) => [member.no, member]));
  const team = terms.counting_team.trustees.flatMap((trustee, place): Sentence[] => {
    const member = roster.get(trustee.member);
    if (member === undefined) return [];
    const role = place === 0 ? 'Trưởng ban' : 'Ủy viên';
    const text = `${place + 1}. Đồng chí ${person(member)}: ${role}.`;
    return [{ name: 'counting team', text }];
  });
  const lists = passedList(passed, cases, '.');
  const text = `trường hợp đạt: ${lists}`;
  return [
    { name: 'place', text: `tại ${terms.meeting.venue}, Ban kiểm phiếu` },
    ...team,
    ...absentees(counted),
    ...(passed.length === 0 ? [] : [{ name: 'cases that passed', text }]),
  ];
}

/** The tellers' names stand below the closing sentence, where they sign. */
export function signerNameProblems(end: string, counted: readonly Counted[]): string[] {
  const trustees = counted.flatMap(({ evidence }) => evidence.terms.counting_team.trustees);
  return trustees
    .filter(({ name }) => !end.includes(squeeze(name)))
    .map(({ name }) => `${name} is not printed where the counting team signs`);
}

/** Issuer and motto above the title; a meeting minute has the place of its number below. */
export function headingProblems(
  [left, right]: readonly [string, string],
  counted: readonly Counted[],
  isCounting: boolean,
): string[] {
  const terms = counted.at(-1)?.evidence.terms;
  if (terms === undefined) return [];
  const { parent_line: parent, issuer_line: issuer, symbol } = terms.council.issuer;
  const number = isCounting ? '' : squeeze(`Số: /BB-${symbol}`);
  const due = squeeze(`${parent} ${issuer}`).toUpperCase() + number;
  return [
    ...(left === due ? [] : [`the heading says “${left}”, where the record says “${due}”`]),
    ...(right === squeeze(MOTTO) ? [] : [`beside the issuer stands “${right}”`]),
  ];
}

/** Who took no ballot, with the reasons that the attendance holds. */
function absentees(counted: Counted): Sentence[] {
  const attendance = counted.evidence.attendance?.members;
  const others = counted.members.filter(({ no }) => !counted.tookBallot.has(no));
  if (attendance === undefined || others.length === 0) return [];
  const people = others.map(({ no, name }) => {
    const reason = attendance.find((member) => member.no === no)?.reason;
    return `đồng chí ${name}${reason === undefined ? '' : `, lý do: ${reason}`}`;
  });
  const text = `Số thành viên không nhận phiếu: ${others.length}, gồm: ${people.join('; ')}.`;
  return [{ name: 'members who took no ballot', text }];
}

/** What a meeting minute says of its records, in just these words. */
export function meetingSentences(counted: readonly Counted[]): Sentence[] {
  const final = finalCases(counted);
  const passed = final.flatMap(([nomination, outcome]) => (outcome.passed ? [nomination] : []));
  const teams = counted.map(({ evidence }): Sentence => {
    const { trustees } = evidence.terms.counting_team;
    const people = trustees.map(
      ({ name }, place) => `${name}, ${place === 0 ? 'Trưởng ban' : 'Ủy viên'}`,
    );
    const text = `gồm ${twoDigits(trustees.length)} đồng chí: ${people.join('; ')}`;
    return { name: 'counting team', text };
  });
  const lists = passedList(passed, final, ';');
  const text = `trường hợp đạt: ${lists}`;
  const times = counted.map(({ evidence: { opened, closed } }): Sentence => {
    const text = `từ ${timeText(opened.at)} đến ${timeText(closed.at)}`;
    return { name: 'time of the ballot', text };
  });
  const last = counted.at(-1);
  const others = [...(last === undefined ? [] : meetingFacts(last)), ...times, ...teams];
  return passed.length === 0 ? others : [...others, { name: 'cases that passed', text }];
}

/** Where the meeting was and who was there, as the last election's record holds it. */
function meetingFacts(counted: Counted): Sentence[] {
  const { terms } = counted.evidence;
  const there = counted.members.flatMap((member): Sentence[] => {
    const state = counted.stateOf(member.no);
    if (counted.evidence.attendance === null) return [];
    const isHere = state === 'present' || state === 'online';
    const text = isHere ? `- ${person(member)}` : `đồng chí ${person(member)}`;
    return [{ name: `member ${member.no}`, text }];
  });
  return [
    { name: 'title', text: terms.meeting.title },
    { name: 'place', text: `Địa điểm: ${terms.meeting.venue}` },
    ...there,
  ];
}

/** The time of day in Vietnam, as papers write it. */
function timeText(instant: string): string {
  const [hour, minute] = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(new Date(instant))
    .split(':');
  return `${hour} giờ ${minute}`;
}

function passedList(
  passed: Parameters<typeof awardLists>[0],
  cases: readonly CountedCase[],
  end: string,
): string {
  const all = cases.map(([nomination]) => nomination);
  return awardLists(passed, all)
    .map((item) => `- ${item}`)
    .join('; ')
    .concat(end);
}
