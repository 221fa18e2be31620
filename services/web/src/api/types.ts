/** What the service answers (schemas/openapi.json), as far as the screens read it. */

export type ElectionState =
  'draft' | 'ceremony' | 'issuing' | 'voting' | 'closed' | 'counted' | 'minuted' | 'cancelled';
export type GroupName = 'Ed25519' | 'BELENIOS-2048';
export type AttendanceState = 'present' | 'online' | 'absent_consulted' | 'absent';
export type KeyKind = 'device' | 'passkey' | 'kiosk';
export type NomineeKind = 'individual' | 'collective' | 'household';
export type MeetingKind = 'regular' | 'extraordinary';
export type PaperKind = 'counting' | 'meeting';
export type Comparator = 'at_least' | 'more_than';
export type Base = 'all_members' | 'present_members' | 'ballots_returned';
export type CancellationReason =
  'council_decision' | 'too_few_ballots' | 'promised_ballot_missing' | 'trustees_unavailable';
export type Officer = 'secretary' | 'presiding' | 'head_teller';

export interface InspectionView {
  name: string;
  council_name?: string;
}

export interface AccountView {
  id: string;
  name: string;
  roles: ('secretary' | 'auditor' | 'member')[];
  council_id?: string;
  council_name?: string;
  member?: number;
  device_kind?: KeyKind;
  fingerprint?: string;
}

export interface Council {
  name: string;
  issuer: { parent_line: string; issuer_line: string; symbol: string };
  decision?: { number: string; date: string; issued_by: string; about: string };
  rules?: string;
}

export interface NewMember {
  no: number;
  name: string;
  position: string;
  council_role: string;
}

export interface MemberView extends NewMember {
  enrolled: boolean;
}

export interface CouncilView {
  id: string;
  council: Council;
  members: MemberView[];
}

export interface CouncilListView {
  councils: { id: string; name: string; members: number }[];
}

export interface InvitationView {
  code: string;
  link: string;
  expires_at: string;
}

export interface AuditorView extends InvitationView {
  account: AccountView;
}

export interface Quorum {
  share: string;
  base?: 'all_members';
}

export interface Rule {
  share: string;
  comparator: Comparator;
  base: Base;
  citation: string;
  quorum?: Quorum;
  base_reason?: string;
}

export interface Nomination {
  no: number;
  kind: NomineeKind;
  name: string;
  unit: string;
  award: string;
  rule: Rule;
  summary?: string;
}

export interface Preset {
  name: string;
  awards: string[];
  caution: string;
  rule?: { share: string; comparator: Comparator; base: Base };
  citation?: string;
  citation_hint?: string;
  valid_from?: string;
  valid_until?: string;
}

export interface PresetsView {
  notice: string;
  presets: Preset[];
  quorums: { share: string; source: string }[];
}

export interface MeetingSettings {
  starts_by: Officer;
  closes_by: Officer;
  hall_shows: 'all' | 'passed';
  address_form: 'dong_chi' | 'ong_ba' | 'thay_co';
}

export interface MeetingView extends Partial<MeetingSettings> {
  id: string;
  council_id: string;
  kind: MeetingKind;
  title: string;
  starts_at: string;
  venue: string;
  presiding: number;
  minute_taker: number;
  elections: string[];
  ended?: boolean;
}

export interface MeetingListView {
  meetings: MeetingView[];
}

export interface MemberAttendanceView {
  no: number;
  state: AttendanceState;
  reason?: string;
  arrived_at?: string;
  left_at?: string;
}

export interface AttendanceView {
  members: MemberAttendanceView[];
  present: number;
  online: number;
  absent_consulted: number;
  absent: number;
}

export interface WarningView {
  kind: 'reach' | 'participants-changed' | 'base-without-reason' | 'citation-outside-validity';
  text: string;
  award?: string;
  votes_needed?: number;
  members?: number;
  can_vote?: number;
}

export interface OutcomeView {
  no: number;
  agree: number;
  disagree: number;
  blank: number;
  base: number;
  votes_needed: number;
  share_percent: string;
  passed: boolean;
}

export interface ResultView {
  members: number;
  present: number;
  issued: number;
  returned: number;
  trustees: number[];
  outcomes: OutcomeView[];
}

export interface ElectionView {
  uuid: string;
  meeting_id: string;
  council_id: string;
  state: ElectionState;
  method: 'secret';
  group: GroupName;
  ballot_number: 1 | 2;
  nominations: Nomination[];
  quorum: Quorum;
  minimum_ballots: number;
  late_issuance: boolean;
  /** Left out when there are none. */
  warnings?: WarningView[];
  issued: number;
  confirmed: number;
  returned: number;
  announced: boolean;
  previous?: string;
  counting_team?: { members: number[]; trustee_threshold: number; conflict_reason?: string };
  phi?: string;
  election_code?: string;
  seal_value?: string;
  seal_code?: string;
  closed_at?: string;
  check_window_ends_at?: string;
  offline_program_needed?: boolean;
  result?: ResultView;
  cancelled?: { at: string; reason: CancellationReason; text: string };
}

/** An event of `GET /elections/{uuid}/events`: counts only. */
export interface ElectionEvent {
  state: ElectionState;
  issued: number;
  confirmed: number;
  returned: number;
  announced: boolean;
  contributions: number;
}

export interface CeremonyTrustee {
  index: number;
  member: number;
  name: string;
  certificate: boolean;
  commitment: boolean;
  reveal: boolean;
  key: boolean;
  confirmation: boolean;
}

export interface CeremonyView {
  trustee_threshold: number;
  trustees: CeremonyTrustee[];
  entries: string[];
}

/** A certificate that signs, as its issuer wrote it. */
export interface SignerView {
  subject: string;
  issuer: string;
  serial: string;
  /** RFC 3339. */
  not_after: string;
  /** Of the certificate's DER, in hex. */
  sha256: string;
}

/** A signature field of a paper; `member` is null where the agency signs. */
export interface PaperFieldView {
  name: string;
  role: string;
  member?: number | null;
  signed: boolean;
  signer?: SignerView | null;
  /** Sent, and waiting for the secretary to say whose certificate it is. */
  waiting?: SignerView | null;
}

export type CopyKind = 'copy' | 'hand_signed';

export interface CopyView {
  id: string;
  kind: CopyKind;
  sha256: string;
  media_type: string;
  size: number;
  /** The printed codes are those of the record. */
  matched: boolean;
  /** By its QR codes, or by the seal code that the secretary typed. */
  matched_by?: 'qr' | 'typed' | null;
}

/** A paper as it stands; what there is not is left out or null. */
export interface PaperView {
  id: string;
  kind: PaperKind;
  uuids: string[];
  sha256: string;
  state: 'signing' | 'signed' | 'issued' | 'replaced';
  fields: PaperFieldView[];
  number?: string | null;
  /** `YYYY-MM-DD` */
  date?: string | null;
  replaces?: string | null;
  /** Id of the copy that shows the paper signed by hand. */
  hand_signed?: string | null;
  copies: CopyView[];
  level?: 'B-B' | 'B-LTA' | null;
  /** Whether a list of issuers is configured, so that certificates were judged by it. */
  issuers_judged?: boolean;
}

/** Extracts of a minute by award; `draft`: the officers have not yet signed it. */
export interface ExtractsView {
  draft: boolean;
  extracts: { no: number; title: string; cases: number; passed: number }[];
}

/** What a remote or token signer needs to sign, and until when its answer is taken. */
export interface SignatureRequestView {
  id: string;
  field: string;
  digest_algorithm: 'sha256';
  /** DER in Base64: what the signer hashes. */
  signed_attributes: string;
  /** SHA-256 of them in hex, for who signs a hash. */
  digest: string;
  expires_at: string;
}

/** `GET /service`: what a client must know before anybody has logged in. */
export interface ServiceView {
  software_name: string;
  rp_id: string;
  box_origin?: string;
  client_hash?: string;
}
