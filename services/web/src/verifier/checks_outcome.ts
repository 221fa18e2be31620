/** V16: quorum, bases, shares and outcomes, in whole numbers (protocol.md §1, §9 v2). */

import type { Closed, Outcome, Result, VotingOpened } from '../schemas/entries.ts';
import {
  type Bases,
  isPassed,
  membersNeeded,
  sharePercent,
  strictestQuorum,
  votesNeeded,
} from '../schemas/rules.ts';
import type { Nomination } from '../schemas/terms.ts';
import { countsOf } from './counting.ts';
import type { Evidence } from './evidence.ts';
import { numbersText, refuseIfAny } from './report.ts';

const COUNTED_STATES = ['present', 'online', 'absent_consulted'] as const;
const RECOMPUTED = ['blank', 'base', 'votes_needed', 'share_percent', 'passed'] as const;

/**
 * V16: quorum, base, share and pass of every nomination recomputed from the entries' counts.
 *
 * The counts agree with the attendance where it is given. How many agree and disagree is V15.
 */
export function checkOutcome(evidence: Evidence): string {
  const { opened, closed, result, terms } = evidence;
  evidence.requireBallots();
  const problems = quorumProblems(evidence, opened);
  problems.push(...countProblems(terms.members, opened, closed, result));
  problems.push(...attendanceProblems(evidence, closed));
  const bases: Bases = {
    all_members: terms.members,
    present_members: closed.present + closed.online,
    ballots_returned: closed.returned,
  };
  problems.push(...outcomeProblems(terms.nominations, result, bases));
  refuseIfAny(problems);
  const passed = result.outcomes.filter((outcome) => outcome.passed).length;
  return (
    `quorum met by ${opened.present + opened.online} of ${opened.members}; ` +
    `${passed} of ${result.outcomes.length} nominations pass`
  );
}

/** One nomination's figures from its marks and the bases at closing (protocol.md §1). */
export function recomputeOutcome(
  nomination: Nomination,
  marks: { readonly agree: number; readonly disagree: number },
  bases: Bases,
): Outcome {
  const { agree, disagree } = marks;
  const base = bases[nomination.rule.base];
  return {
    no: nomination.no,
    agree,
    disagree,
    blank: bases.ballots_returned - agree - disagree,
    base,
    votes_needed: votesNeeded(nomination.rule, base),
    share_percent: sharePercent(agree, base),
    passed: isPassed(nomination.rule, agree, base),
  };
}

function quorumProblems({ terms }: Evidence, opened: VotingOpened): string[] {
  const quorum = strictestQuorum(
    terms.quorum,
    terms.nominations.map((each) => each.rule),
  );
  const needed = membersNeeded(quorum, terms.members);
  const there = opened.present + opened.online;
  return there >= needed
    ? []
    : [`no quorum: ${there} present or online when voting started, ${needed} needed`];
}

function countProblems(
  members: number,
  opened: VotingOpened,
  closed: Closed,
  result: Result,
): string[] {
  const counts: [string, number, number][] = [
    ['voting_opened.members', opened.members, members],
    ['closed.members', closed.members, members],
    ['result.members', result.members, members],
    ['result.present', result.present, opened.present + opened.online],
    ['result.issued', result.issued, closed.issued],
    ['result.returned', result.returned, closed.returned],
  ];
  const problems = counts.flatMap(([name, said, found]) =>
    said === found ? [] : [`${name} is ${said}, not ${found}`],
  );
  for (const entry of [opened, closed]) {
    const counted = entry.present + entry.online + entry.absent_consulted;
    if (counted > members) {
      problems.push(`${entry.type} counts ${counted} members of ${members}`);
    }
  }
  return problems;
}

function attendanceProblems({ attendance }: Evidence, closed: Closed): string[] {
  if (attendance === null) {
    return [];
  }
  const states = countsOf(attendance.members.map((member) => member.state));
  return COUNTED_STATES.flatMap((state) => {
    const counted = states.get(state) ?? 0;
    return closed[state] === counted
      ? []
      : [`closed.${state} is ${closed[state]}, by the attendance ${counted}`];
  });
}

function outcomeProblems(
  nominations: readonly Nomination[],
  result: Result,
  bases: Bases,
): string[] {
  const numbers = numbersText(result.outcomes.map((outcome) => outcome.no));
  if (numbers !== numbersText(nominations.map((nomination) => nomination.no))) {
    return [`outcomes are of nominations ${numbers}, not of all in their order`];
  }
  return nominations.flatMap((nomination, place) => {
    const outcome = result.outcomes[place];
    if (outcome === undefined) {
      return [];
    }
    if (outcome.agree + outcome.disagree > bases.ballots_returned) {
      return [`nomination ${outcome.no}: more marks than ballots`];
    }
    const expected = recomputeOutcome(nomination, outcome, bases);
    return RECOMPUTED.flatMap((field) =>
      outcome[field] === expected[field]
        ? []
        : [`nomination ${outcome.no}: ${field} is ${outcome[field]}, not ${expected[field]}`],
    );
  });
}
