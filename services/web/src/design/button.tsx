/** Buttons: one main button a screen; a busy button stays in place and can be focused. */
import type { ComponentChildren, JSX } from 'preact';

export interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'main' | 'plain' | 'normal';
  full?: boolean;
  /** Nothing happens on a tap while this is set; screen readers hear it. */
  busy?: boolean;
  /** There is nothing to do with it now; it stays in place and keeps the focus. */
  idle?: boolean;
  disabled?: boolean;
  type?: 'button' | 'submit';
  pressed?: boolean;
  label?: string;
  id?: string;
  describedBy?: string;
}

/** A button of at least 48 px. */
export function Button(props: ButtonProps): JSX.Element {
  const names = ['button'];
  if (props.kind !== undefined && props.kind !== 'normal') names.push(props.kind);
  if (props.full === true) names.push('full');
  const isOff = props.busy === true || props.idle === true;
  return (
    <button
      type={props.type ?? 'button'}
      class={names.join(' ')}
      id={props.id}
      disabled={props.disabled === true}
      aria-disabled={isOff ? 'true' : undefined}
      aria-busy={props.busy === true ? 'true' : undefined}
      aria-pressed={props.pressed}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else props.onClick?.();
      }}
    >
      {props.children}
    </button>
  );
}
