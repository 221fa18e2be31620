/** The mark of an award: from a preset, then checked and cited by the secretary. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Base, Comparator, Preset, PresetsView } from '../api/types.ts';
import { SelectField, TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { t } from '../words/words.ts';
import { dateText } from '../design/local_time.ts';
import { isShare, type ListFault, type RuleDraft, shareText } from './nomination_list.ts';
import {
  holdsOn,
  isFor,
  needsBaseReason,
  orderedPresets,
  outdatedCitations,
  withPreset,
} from './rule_presets.ts';
import { markText } from './rule_text.ts';

const BASES: readonly Base[] = ['all_members', 'present_members', 'ballots_returned'];

interface Props {
  award: string;
  rule: RuleDraft;
  faults: readonly ListFault[];
  presets: PresetsView;
  date: string;
  onChange: (rule: RuleDraft) => void;
}

/** As a sentence; open to be written where it is not complete yet or has a fault. */
export function RuleFields(props: Props): JSX.Element {
  const { rule, faults } = props;
  const [isOpen, setOpen] = useState(rule.share === '' || rule.citation === '');
  const share = shareText(rule.share);
  return (
    <details
      class="rule"
      open={isOpen || faults.length > 0}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {isShare(rule.share) ? (
          markText({ ...rule, share, citation: rule.citation || '…' })
        ) : (
          <strong>{t('secretary.mark_missing')}</strong>
        )}
      </summary>
      <RuleForm {...props} />
    </details>
  );
}

function RuleForm(props: Props): JSX.Element {
  const { award, rule, presets, date, onChange } = props;
  const preset = presets.presets.find((each) => each.name === rule.preset);
  const options = orderedPresets(presets.presets, award, date).map((each) => ({
    value: each.name,
    label: presetLabel(each, award),
  }));
  return (
    <fieldset class="stack tight">
      <legend class="visually-hidden">{t('secretary.mark_of', { award })}</legend>
      <SelectField
        label={t('secretary.preset')}
        value={rule.preset}
        options={[
          {
            value: '',
            label: t(rule.share === '' ? 'secretary.choose' : 'secretary.preset_kept'),
          },
          ...options,
        ]}
        onChange={(name) => {
          const chosen = presets.presets.find((each) => each.name === name);
          onChange(
            chosen === undefined ? { ...rule, preset: '' } : withPreset(rule, chosen, date),
          );
        }}
      />
      {preset === undefined ? null : <PresetNotice preset={preset} date={date} />}
      <MarkFields {...props} />
      <CitationFields {...props} preset={preset} />
    </fieldset>
  );
}

function PresetNotice({ preset, date }: { preset: Preset; date: string }): JSX.Element {
  return (
    <Notice kind={holdsOn(preset, date) ? 'plain' : 'caution'} live="status">
      <p lang="vi">{preset.caution}</p>
      {holdsOn(preset, date) ? null : <p>{t('secretary.preset_outdated')}</p>}
    </Notice>
  );
}

function MarkFields({ rule, faults, onChange }: Props): JSX.Element {
  const comparators = (['at_least', 'more_than'] satisfies Comparator[]).map((value) => ({
    value,
    label: t(`secretary.comparator_${value}`),
  }));
  return (
    <div class="columns">
      <SelectField
        label={t('secretary.comparator')}
        value={rule.comparator}
        options={comparators}
        onChange={(comparator) => onChange({ ...rule, comparator })}
      />
      <TextField
        label={t('secretary.share')}
        hint={t('secretary.share_hint')}
        error={faultText(faults, 'share')}
        value={rule.share}
        maxLength={12}
        onInput={(share) => onChange({ ...rule, share })}
      />
      <SelectField
        label={t('secretary.base')}
        value={rule.base}
        options={BASES.map((value) => ({ value, label: t(`secretary.base_${value}`) }))}
        onChange={(base) => onChange({ ...rule, base })}
      />
      <TextField
        label={t('secretary.group_quorum')}
        hint={t('secretary.group_quorum_hint')}
        error={faultText(faults, 'quorum')}
        value={rule.quorum}
        maxLength={12}
        onInput={(quorum) => onChange({ ...rule, quorum })}
      />
    </div>
  );
}

function CitationFields(props: Props & { preset: Preset | undefined }): JSX.Element {
  const { award, rule, faults, presets, date, preset, onChange } = props;
  const outdated = outdatedCitations(presets.presets, date).find((each) =>
    rule.citation.includes(each),
  );
  return (
    <>
      <TextField
        label={t('secretary.citation')}
        hint={preset?.citation_hint ?? t('secretary.citation_hint')}
        error={faultText(faults, 'citation')}
        value={rule.citation}
        maxLength={500}
        onInput={(citation) => onChange({ ...rule, citation })}
      />
      {outdated === undefined ? null : (
        <Notice kind="caution" live="status">
          {t('secretary.citation_warning', { award })}
        </Notice>
      )}
      {rule.base === 'all_members' ? null : (
        <TextField
          label={t('secretary.base_reason')}
          hint={t(
            needsBaseReason(award, rule.base)
              ? 'secretary.base_reason_needed'
              : 'secretary.base_reason_hint',
          )}
          error={faultText(faults, 'base_reason')}
          value={rule.base_reason}
          maxLength={500}
          onInput={(base_reason) => onChange({ ...rule, base_reason })}
        />
      )}
    </>
  );
}

function faultText(
  faults: readonly ListFault[],
  field: 'share' | 'citation' | 'base_reason' | 'quorum',
): string | undefined {
  return faults.some((fault) => fault.field === field)
    ? t(`secretary.list_fault_${field}`)
    : undefined;
}

function presetLabel(preset: Preset, award: string): string {
  if (preset.rule === undefined) return t('secretary.preset_own');
  const mark = t(`secretary.mark_${preset.rule.comparator}`, {
    share: preset.rule.share,
    base: t(`secretary.base_${preset.rule.base}`),
  });
  const parts = [mark];
  if (preset.valid_from !== undefined || preset.valid_until !== undefined) {
    parts.push(validityText(preset));
  }
  if (isFor(preset, award)) parts.push(t('secretary.preset_fits'));
  else parts.push(preset.awards.slice(0, 2).join(', ') + (preset.awards.length > 2 ? '…' : ''));
  return parts.join(' · ');
}

function validityText({ valid_from, valid_until }: Preset): string {
  const from = valid_from === undefined ? '…' : dateText(valid_from);
  const until = valid_until === undefined ? '…' : dateText(valid_until);
  return t('secretary.preset_valid', { from, until });
}
